import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cookieOf, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { claim, claimToken, rig } = await startPeopleRig();
const file = join(rig.dataDir, 'claim-token');
const offers = () => rig.logLines.filter((line) => line.includes('installation.unclaimed'));

describe('the first owner', () => {
  it('is offered in a file that only the gateway’s user can read, and the log names the file but not the token', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(offers()).toEqual([expect.stringContaining(file)]);
    expect(offers()[0]).toContain('chatferry people claim');
    expect(rig.logLines.join('\n')).not.toContain(claimToken());
  });

  it('is offered again at each start, and the token of before is worth nothing', async () => {
    const before = claimToken();
    await rig.restart();
    expect(claimToken()).not.toBe(before);
    const late = await claim({ token: before, email: 'late@acme.test', name: 'Late', password });
    expect([late.status, late.body.error]).toEqual([401, expect.stringContaining('claim-token')]);
  });

  it('is created with the token in the file, which works once and is removed', async () => {
    const token = claimToken();
    const body = { token, email: 'Ada@Acme.test', name: 'Ada', password };
    expect((await claim({ ...body, token: `${token}x` })).status).toBe(401);
    expect((await claim({ token, password })).body.details[0].pointer).toBe('/email');
    expect(existsSync(file)).toBe(true);
    const claimed = await claim(body);
    expect([claimed.status, existsSync(file)]).toEqual([201, false]);
    expect(claimed.body).toMatchObject({ email: 'ada@acme.test', role: 'owner', workspaces: null, state: 'active' });
    expect((await claim({ ...body, email: 'eve@acme.test' })).status).toBe(401);
    const me = await rig.call('/api/v1/me', withCookie(cookieOf(claimed)));
    expect(me.body).toMatchObject({ kind: 'person', id: claimed.body.id, person: { name: 'Ada' } });
  });

  it('is not offered again at a start after an account exists', async () => {
    const before = offers().length;
    await rig.restart();
    expect([offers().length, existsSync(file)]).toEqual([before, false]);
  });
});
