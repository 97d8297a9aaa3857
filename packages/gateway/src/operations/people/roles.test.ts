import { startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { type ConnectedBot, connectBot } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const { idOf, join, rig } = await startPeopleRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
  await join('ada@acme.test', 'owner');
});

describe('a role', () => {
  const tries = {
    read: () => ['/api/v1/channels', {}] as const,
    handle: () => [`/api/v1/channels/${bot.channelId}/check`, { method: 'POST' }] as const,
    manage: () => [`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name: 'By role' } }] as const,
    administer: () => ['/api/v1/people', {}] as const,
  };

  it.each([
    ['owner', ['read', 'handle', 'manage', 'administer']],
    ['admin', ['read', 'handle', 'manage', 'administer']],
    ['member', ['read', 'handle']],
    ['read-only', ['read']],
  ])('%s allows exactly %j, to a person and to a token', async (role, may) => {
    const { cookie } = await join(`${role}-does@acme.test`, role);
    const token = (await rig.admin('/api/v1/tokens', { body: { name: 'Script', role } })).body.secret;
    for (const [name, request] of Object.entries(tries)) {
      const [path, options] = request();
      const byPerson = await rig.call(path, { ...options, ...withCookie(cookie) });
      const byToken = await rig.call(path, { ...options, headers: { authorization: `Bearer ${token}` } });
      const expected = may.includes(name) ? 200 : 403;
      expect([name, byPerson.status, byToken.status]).toEqual([name, expected, expected]);
    }
  });

  it('of an owner is managed by owners only, and the last owner cannot be removed', async () => {
    const admin = await join('admin-decides@acme.test', 'admin');
    const ada = await idOf('ada@acme.test');
    const change = (id: string, body: unknown, cookie: string) =>
      rig.call(`/api/v1/people/${id}`, { method: 'PATCH', body, ...withCookie(cookie) });
    expect((await change(ada, { role: 'member' }, admin.cookie)).status).toBe(403);
    expect((await change(admin.id, { role: 'owner' }, admin.cookie)).status).toBe(403);
    const invite = await rig.call('/api/v1/people', {
      body: { email: 'x@acme.test', name: 'X', role: 'owner' },
      ...withCookie(admin.cookie),
    });
    expect(invite.status).toBe(403);
    const token = await rig.call('/api/v1/tokens', { body: { name: 'X', role: 'owner' }, ...withCookie(admin.cookie) });
    expect(token.status).toBe(403);
    await rig.admin(`/api/v1/people/${await idOf('owner-does@acme.test')}`, { method: 'DELETE' });
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'DELETE' })).status).toBe(400);
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'PATCH', body: { state: 'disabled' } })).status).toBe(
      400,
    );
  });

  it('of an owner remains when two owners demote each other at the same moment, and an unused invitation does not count as an owner', async () => {
    const ada = await idOf('ada@acme.test');
    await rig.admin('/api/v1/people', { body: { email: 'never-came@acme.test', name: 'Z', role: 'owner' } });
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'DELETE' })).status).toBe(400);
    const neverCame = await idOf('never-came@acme.test');
    expect((await rig.admin(`/api/v1/people/${neverCame}`, { method: 'DELETE' })).status).toBe(204);
    const second = await join('second-owner@acme.test', 'owner');
    const holder = await rig.database.pool.connect();
    const waiting = async (): Promise<number> =>
      (
        await rig.database.pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      ).rowCount ?? 0;
    let isOver = false;
    const demote = (id: string) => rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'admin' } });
    try {
      await holder.query('begin');
      await holder.query('select 1 from people where id = $1 for update', [ada]);
      const first = demote(ada);
      while ((await waiting()) < 1);
      const other = demote(second.id).finally(() => {
        isOver = true;
      });
      while (!isOver && (await waiting()) < 2);
      await holder.query('commit');
      expect([(await first).status, (await other).status].toSorted()).toEqual([200, 400]);
    } finally {
      holder.release();
    }
    await rig.admin(`/api/v1/people/${ada}`, { method: 'PATCH', body: { role: 'owner' } });
    await rig.admin(`/api/v1/people/${second.id}`, { method: 'DELETE' });
  });

  it('that changes ends the sessions of the person', async () => {
    const { id, cookie } = await join('demoted@acme.test', 'admin');
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'read-only' } });
    expect((await rig.call('/api/v1/me', withCookie(cookie))).status).toBe(401);
  });

  it('in one workspace reads that workspace and nothing else of the installation', async () => {
    const foreign = await connectBot(rig);
    const { cookie } = await join('granted@acme.test', 'admin', [bot.workspaceId]);
    const seen = await rig.call('/api/v1/workspaces', withCookie(cookie));
    expect(seen.body.data.map(({ id }: { id: string }) => id)).toEqual([bot.workspaceId]);
    expect((await rig.call(`/api/v1/channels/${foreign.channelId}`, withCookie(cookie))).status).toBe(404);
    expect((await rig.call('/api/v1/people', withCookie(cookie))).status).toBe(403);
    expect((await rig.call('/api/v1/me', withCookie(cookie))).body).toMatchObject({ workspaces: [bot.workspaceId] });
  });
});
