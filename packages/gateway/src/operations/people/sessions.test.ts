import { cookieOf, sameOrigin, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { type ConnectedBot, connectBot } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const { join, rig, signIn } = await startPeopleRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
  await join('ada@acme.test', 'owner');
});

describe('a session', () => {
  it('is a cookie for this host, over HTTPS only, hidden from scripts and from other sites', async () => {
    const { cookie } = await join('cookie@acme.test', 'member');
    const answer = await signIn({ email: 'COOKIE@acme.test' });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-chatferry=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookieOf(answer)).not.toBe(cookie);
    const { rows } = await rig.database.pool.query('select s.*::text as row from sessions s');
    expect(JSON.stringify(rows)).not.toContain(cookieOf(answer).split('=')[1]);
  });

  it('appears in the list and can be ended on its own', async () => {
    const { cookie } = await join('list@acme.test', 'member');
    const second = cookieOf(await signIn({ email: 'list@acme.test' }));
    const { data } = (await rig.call('/api/v1/sessions', withCookie(second))).body;
    expect(data.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
    expect((await rig.call(`/api/v1/sessions/${data[1].id}`, { method: 'DELETE', ...withCookie(second) })).status).toBe(
      204,
    );
    expect((await rig.call('/api/v1/me', withCookie(cookie))).status).toBe(401);
    const out = await rig.call('/api/v1/sessions/current', { method: 'DELETE', ...withCookie(second) });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await rig.call('/api/v1/me', withCookie(second))).status).toBe(401);
  });

  it.each([
    ['is unused for half an hour', 'seen_at', '31 minutes'],
    ['is half a day old, even if it is in use', 'created_at', '12 hours'],
  ])('ends when it %s', async (name, column, age) => {
    const { id, cookie } = await join(`${column.replace('_', '-')}@acme.test`, 'member');
    expect([name, (await rig.call('/api/v1/me', withCookie(cookie))).status]).toEqual([name, 200]);
    await rig.database.pool.query(`update sessions set ${column} = now() - $2::interval where person_id = $1`, [
      id,
      age,
    ]);
    expect([name, (await rig.call('/api/v1/me', withCookie(cookie))).status]).toEqual([name, 401]);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['from an address that was typed in', { 'sec-fetch-site': 'none' }],
    ['by an old browser on another origin', { origin: 'https://evil.test' }],
    ['by a request that does not say where it comes from', {}],
  ])('changes nothing when it is used %s', async (_name, headers) => {
    const cookie = cookieOf(await signIn({ email: 'ada@acme.test' }));
    const refused = await rig.call(`/api/v1/keys/${bot.keyId}`, {
      method: 'PATCH',
      body: { name: 'Stolen' },
      ...withCookie(cookie, headers),
    });
    expect([refused.status, refused.body.error_code]).toEqual([403, 102]);
    expect((await rig.admin(`/api/v1/keys/${bot.keyId}`)).body.name).not.toBe('Stolen');
  });

  it('changes things from its own origin, also in an old browser', async () => {
    const cookie = cookieOf(await signIn({ email: 'ada@acme.test' }));
    for (const headers of [sameOrigin, { origin: rig.url }]) {
      const changed = await rig.call(`/api/v1/keys/${bot.keyId}`, {
        method: 'PATCH',
        body: { name: 'Kept' },
        ...withCookie(cookie, headers),
      });
      expect(changed.status).toBe(200);
    }
  });
});
