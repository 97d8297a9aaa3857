import { cookieOf, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { claim, rig } = await startPeopleRig();

const claimToken = (): string =>
  JSON.parse(rig.logLines.findLast((line) => line.includes('installation.unclaimed')) ?? '{}').claimToken;

describe('the first owner', () => {
  it('is created with the token in the log, which works once', async () => {
    const token = claimToken();
    const body = { token, email: 'Ada@Acme.test', name: 'Ada', password };
    expect((await claim({ ...body, token: `${token}x` })).status).toBe(401);
    expect((await claim({ token, password })).body.details[0].pointer).toBe('/email');
    const claimed = await claim(body);
    expect(claimed.status).toBe(201);
    expect(claimed.body).toMatchObject({ email: 'ada@acme.test', role: 'owner', workspaces: null, state: 'active' });
    expect((await claim({ ...body, email: 'eve@acme.test' })).status).toBe(401);
    const me = await rig.call('/api/v1/me', withCookie(cookieOf(claimed)));
    expect(me.body).toMatchObject({ kind: 'person', id: claimed.body.id, person: { name: 'Ada' } });
  });

  it('is not offered again at a start after an account exists', async () => {
    const offers = () => rig.logLines.filter((line) => line.includes('installation.unclaimed')).length;
    const before = offers();
    await rig.restart();
    expect(offers()).toBe(before);
  });
});
