import { otherPassword, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { join, rig } = await startPeopleRig();
const keyed = (cookie: string) => {
  const { headers } = withCookie(cookie);
  return { headers: { ...headers, 'idempotency-key': 'the-same-key' } };
};

describe('a request with a password, a code or the secret of a second factor', () => {
  it('succeeds with an Idempotency-Key, and neither its body nor its answer is stored in any form', async () => {
    const { cookie } = await join('keyed@acme.test', 'member');
    const started = await rig.call('/api/v1/me/two-factor', { body: { password }, ...keyed(cookie) });
    expect([started.status, typeof started.body.secret]).toEqual([200, 'string']);
    const stopped = await rig.call('/api/v1/me/two-factor/stop', { body: { password }, ...keyed(cookie) });
    expect(stopped.status).toBe(204);
    const body = { current_password: password, password: otherPassword };
    const changed = await rig.call('/api/v1/me/password', { body, ...keyed(cookie) });
    expect([changed.status, changed.body]).toEqual([204, null]);
    const { rows } = await rig.database.pool.query(`select route from idempotency_keys where route like '%/me/%'`);
    expect(rows).toEqual([]);
  });
});
