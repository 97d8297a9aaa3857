import { cookieOf, otherPassword, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { claim, idOf, join, rig, signIn } = await startPeopleRig();

describe('a password', () => {
  it.each([
    ['that is common', 'password123'],
    ['that is common with a suffix', 'Football2026!!'],
    ['of one letter', 'aaaaaaaaaaaa'],
    ['that contains the person’s own address', 'weak@acme.test!!'],
    ['that is short', 'x9$Lq2'],
  ])('%s is refused with the reason', async (_name, weak) => {
    const invited = await rig.admin('/api/v1/people', {
      body: { email: 'weak@acme.test', name: 'Weak', role: 'member' },
    });
    const token =
      invited.status === 201
        ? invited.body.invitation
        : (await rig.admin(`/api/v1/people/${await idOf('weak@acme.test')}/invitation`, { body: {} })).body.invitation;
    const refused = await claim({ token, password: weak });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/password']);
  });

  it('is changed by a person who knows the old one, and the other sessions end', async () => {
    const { cookie } = await join('change@acme.test', 'member');
    const second = cookieOf(await signIn({ email: 'change@acme.test' }));
    const change = (current: string) =>
      rig.call('/api/v1/me/password', {
        body: { current_password: current, password: otherPassword },
        ...withCookie(second),
      });
    expect((await change(otherPassword)).body.details[0].pointer).toBe('/current_password');
    expect((await change(password)).status).toBe(204);
    expect((await rig.call('/api/v1/me', withCookie(second))).status).toBe(200);
    expect((await rig.call('/api/v1/me', withCookie(cookie))).status).toBe(401);
    expect((await signIn({ email: 'change@acme.test' })).status).toBe(401);
    expect((await signIn({ email: 'change@acme.test', password: otherPassword })).status).toBe(201);
  });

  it('is stored as a slow digest', async () => {
    // A gateway as the product composes it: the rig itself uses cheap digests.
    const { address } = await rig.startAnother({}, {});
    const invited = await rig.admin('/api/v1/people', {
      body: { email: 'slow@acme.test', name: 'Slow', role: 'member' },
    });
    const post = (path: string, body: unknown) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const claimed = await post('/api/v1/claim', { token: invited.body.invitation, password });
    const { rows } = await rig.database.pool.query<{ password: string }>('select password from people where id = $1', [
      invited.body.id,
    ]);
    expect([claimed.status, rows[0]?.password]).toEqual([
      201,
      expect.stringMatching(/^scrypt\$17\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$/),
    ]);
    expect((await post('/api/v1/sessions', { email: 'slow@acme.test', password: otherPassword })).status).toBe(401);
    expect((await post('/api/v1/sessions', { email: 'slow@acme.test', password })).status).toBe(201);
  });
});
