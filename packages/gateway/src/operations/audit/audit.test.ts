import { type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const { pool } = rig.database;
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const entriesOf = async (filter: string) => (await rig.admin(`/api/v1/audit?${filter}`)).body.data;
const verification = async () => (await rig.admin('/api/v1/audit/verification')).body;

describe('the audit log', () => {
  it('contains who did what to which object from where, before and after the request', async () => {
    const change = { name: 'Support', networks: ['127.0.0.1'] };
    const answer = await rig.admin(`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: change });
    expect(answer.status).toBe(200);
    const entry = {
      request_id: answer.headers.get('x-request-id'),
      actor: { kind: 'operator', id: 'operator' },
      address: '127.0.0.1',
      action: 'updateKey',
      object: bot.keyId,
      fields: ['name', 'networks'],
    };
    expect(await entriesOf(`object=${bot.keyId}&limit=2`)).toEqual([
      {
        ...entry,
        id: expect.any(String),
        at: expect.any(String),
        workspace_id: bot.workspaceId,
        phase: 'ended',
        status: 200,
      },
      { ...entry, id: expect.any(String), at: expect.any(String), workspace_id: null, phase: 'begun', status: null },
    ]);
  });

  it('names the key that was used, the created objects and the refusals, but no values', async () => {
    const body = { kind: 'workspace', workspace_id: bot.workspaceId, scopes: ['manage'] };
    const manager = (await rig.admin('/api/v1/keys', { body })).body;
    const secret = 'secret-of-the-old-system';
    const made = await rig.call('/api/v1/keys', {
      headers: { authorization: `Bearer ${manager.secret}` },
      body: { kind: 'channel', channel_id: bot.channelId, secret },
    });
    expect(made.status).toBe(201);
    const [ended] = await entriesOf(`object=${made.body.id}`);
    expect(ended).toMatchObject({
      actor: { kind: 'key', id: manager.id },
      workspace_id: bot.workspaceId,
      fields: ['kind', 'channel_id', 'secret'],
      status: 201,
    });
    await rig.admin('/api/v1/channels/chn_00000000000000000000000000', { method: 'DELETE' });
    expect((await entriesOf('object=chn_00000000000000000000000000'))[0]).toMatchObject({
      action: 'deleteChannel',
      status: 404,
    });
    expect(JSON.stringify(await entriesOf('limit=200'))).not.toContain(secret);
    const own = await rig.call('/api/v1/audit', { headers: { authorization: `Bearer ${manager.secret}` } });
    expect([own.status, own.body.error_code]).toEqual([403, 102]);
  });

  it('gets no entry for reads and sends', async () => {
    const before = (await verification()).entries;
    await rig.admin('/api/v1/channels');
    await rig.call('/api/v1/telegram/interactive', { headers: { 'x-octopods-auth': bot.key }, body: {} });
    expect((await verification()).entries).toBe(before);
  });

  it('prevents a request whose entry cannot be stored', async () => {
    await pool.query('alter table audit rename to audit_away');
    const refused = await rig.admin(`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name: 'Unseen' } });
    await pool.query('alter table audit_away rename to audit');
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect((await rig.admin(`/api/v1/keys/${bot.keyId}`)).body.name).not.toBe('Unseen');
  });
});

describe('the chain of the audit log', () => {
  const changes: readonly (readonly [string, string])[] = [
    ['changed', `update audit set actor_id = 'another person' where id = $1`],
    ['moved in time', `update audit set at = at - interval '1 day' where id = $1`],
    ['deleted', 'delete from audit where id = $1'],
  ];

  it('is intact after many simultaneous entries', async () => {
    const renames = Array.from({ length: 12 }, (_, n) =>
      rig.admin(`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name: `Name ${n}` } }),
    );
    await Promise.all(renames);
    const verdict = await verification();
    expect(verdict).toMatchObject({ intact: true, broken_at: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(verdict.entries).toBeGreaterThanOrEqual(24);
  });

  const unwanted = [...changes, ['cut off', 'truncate audit'] as const];
  it.each(unwanted)('lets no session, not even the owner’s, get an entry %s', async (_name, statement) => {
    const id = (await pool.query<{ id: number }>('select min(id) as id from audit')).rows[0]?.id;
    const values = statement.includes('$1') ? [id] : [];
    await expect(pool.query(statement, values)).rejects.toThrow('permission denied');
    await pool.query('grant update, delete, truncate on audit to current_user');
    await expect(pool.query(statement, values)).rejects.toThrow('only added to');
    await pool.query('revoke update, delete, truncate on audit from current_user');
  });

  it.each(changes)('shows where an entry was %s in another way', async (_name, statement) => {
    const client = await pool.connect();
    try {
      const { rows } = await client.query<{ id: number }>('select id from audit order by id limit 3');
      const [, second, third] = rows;
      await client.query('grant update, delete on audit to current_user');
      await client.query('alter table audit disable trigger append_only');
      await client.query('create temporary table kept as select * from audit where id = $1', [second?.id]);
      await client.query(statement, [second?.id]);
      const broken = statement.startsWith('delete') ? third?.id : second?.id;
      expect(await verification()).toMatchObject({ intact: false, broken_at: `aud_${broken}`, entries: 1, head: null });
      await client.query('delete from audit where id = $1', [second?.id]);
      await client.query('insert into audit select * from kept');
      await client.query('drop table kept');
      await client.query('alter table audit enable trigger all');
      await client.query('revoke update, delete on audit from current_user');
    } finally {
      client.release();
    }
    expect(await verification()).toMatchObject({ intact: true });
  });
});
