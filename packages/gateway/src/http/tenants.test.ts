import { idKinds, type OperationSpec, operations } from '@chatferry/contract';
import { startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { aSend, type ConnectedBot, connectBot, newCustomer, send } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it, vi } from 'vitest';

const { join, rig } = await startPeopleRig({ CHATFERRY_PUBLIC_URL: 'https://gw.example' });
const specs: readonly OperationSpec[] = Object.values(operations);
const managed = specs
  .filter(({ auth }) => auth === 'any')
  .map((spec) => [`${spec.method} ${spec.path}`, spec] as const);

interface Tenant {
  readonly bot: ConnectedBot;
  /** A key that may manage its workspace. */
  readonly key: string;
  /** The ids of its objects, by their names in the API. */
  readonly ids: Readonly<Record<string, string>>;
}

let mine: Tenant;
let theirs: Tenant;

/** How many jobs and claimed lanes the workspace has. Until there are none, the gateway itself changes its rows. */
async function unfinishedWork({ workspaceId }: ConnectedBot): Promise<number> {
  const { rows } = await rig.database.pool.query(
    `select (select count(*) from jobs where workspace_id = $1)
       + (select count(*) from lanes where workspace_id = $1 and lease is not null) as count`,
    [workspaceId],
  );
  return Number(rows[0].count);
}

async function newTenant(): Promise<Tenant> {
  const bot = await connectBot(rig);
  const body = { kind: 'workspace', workspace_id: bot.workspaceId, scopes: ['send', 'read', 'manage'] };
  const key = (await rig.admin('/api/v1/keys', { body })).body;
  const access = { role: 'admin', workspaces: [bot.workspaceId] };
  const person = await join(`${bot.channelId}@acme.test`.toLowerCase(), access.role, access.workspaces);
  const sessions = (await rig.call('/api/v1/sessions', withCookie(person.cookie))).body;
  const token = (await rig.admin('/api/v1/tokens', { body: { name: 'Script', ...access } })).body;
  const inbox = { kind: 'intercom', client_id: 'app', client_secret: 'secret-of-the-app' };
  const connection = (await rig.admin('/api/v1/connections', { body: { workspace_id: bot.workspaceId, inbox } })).body;
  const hook = { workspace_id: bot.workspaceId, url: 'https://192.0.2.1.invalid/hook', enabled: false };
  const endpoint = (await rig.admin('/api/v1/webhook-endpoints', { body: hook })).body;
  const message = await send(rig, bot, aSend(newCustomer(rig, bot).chatId));
  const { pool } = rig.database;
  await vi.waitUntil(async () => (await unfinishedWork(bot)) === 0, { timeout: 10_000 });
  const { rows } = await pool.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures) values ($1, $2, 'update', '{}', 'of a test', 1) returning id`,
    [bot.workspaceId, `inbox:${bot.channelId}:1`],
  );
  await pool.query(
    `insert into alarms (source, kind, subject, workspace_id, detail, remedy) values ('of a test', 'channel-broken', $1, $1, 'd', 'r')`,
    [bot.workspaceId],
  );
  return {
    bot,
    key: key.secret,
    ids: {
      workspace_id: bot.workspaceId,
      channel_id: bot.channelId,
      key_id: bot.keyId,
      connection_id: connection.id,
      person_id: person.id,
      session_id: sessions.data[0].id,
      token_id: token.id,
      endpoint_id: endpoint.id,
      message_id: String(message.body.message_id),
      dead_letter_id: `${idKinds.deadLetter.prefix}${rows[0].id}`,
    },
  };
}

beforeAll(async () => {
  mine = await newTenant();
  theirs = await newTenant();
});

/** The path with the ids of the tenant. Throws for a parameter without one: its operation would not be tested. */
const pathWith = (spec: OperationSpec, ids: Tenant['ids']): string =>
  spec.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`no ${name}: give the tenant one`);
    return id;
  });

/** The same body, with every id replaced by one of the tenant. */
const withIds = (value: unknown, ids: Tenant['ids']): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => {
      if (name in ids) return typeof inner === 'number' ? Number(ids[name]) : ids[name];
      return inner;
    }),
  );

/** Every valid body of the operation. One absent body for an operation without a body. */
const bodiesOf = (spec: OperationSpec, ids: Tenant['ids']): readonly unknown[] =>
  spec.body === undefined
    ? [undefined]
    : [
        ...Object.values(spec.examples ?? {}).map(({ value }) => withIds(value, ids)),
        {},
        { workspace_id: ids['workspace_id'] },
      ];

const call = (path: string, spec: OperationSpec, body: unknown) =>
  rig.call(path, {
    method: spec.method,
    headers: { authorization: `Bearer ${mine.key}` },
    ...(body === undefined ? {} : { body }),
  });

/** Everything that is stored about a workspace, except what the gateway writes by itself at any moment: activity and alarms. */
async function everythingOf({ ids }: Tenant): Promise<string> {
  const { pool } = rig.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select tablename as name from pg_policies p join information_schema.columns c on c.table_name = p.tablename
     where policyname = 'tenant' and column_name = 'workspace_id' and tablename not in ('activity', 'alarms') order by 1`,
  );
  const kept = await Promise.all([
    pool.query('select * from workspaces where id = $1', [ids['workspace_id']]),
    pool.query('select * from people where id = $1', [ids['person_id']]),
    pool.query('select * from sessions where person_id = $1', [ids['person_id']]),
    pool.query('select * from admin_tokens where id = $1', [ids['token_id']]),
  ]);
  for (const { name } of tables) {
    kept.push(
      await pool.query(`select to_json(t)::text from ${name} t where workspace_id = $1 order by 1`, [
        ids['workspace_id'],
      ]),
    );
  }
  return JSON.stringify(kept.map(({ rows }) => rows));
}

const idsIn = (text: string, { ids }: Tenant): readonly string[] =>
  Object.entries(ids).flatMap(([name, id]) => (text.includes(/^\d+$/.test(id) ? `"${name}":${id}` : id) ? [id] : []));

describe('a caller who manages one workspace', () => {
  it('reads and changes that workspace', async () => {
    for (const list of ['workspaces', 'channels', 'keys', 'dead-letters', 'alarms']) {
      const { status, body } = await rig.call(`/api/v1/${list}`, { headers: { authorization: `Bearer ${mine.key}` } });
      expect([list, status]).toEqual([list, 200]);
      expect(JSON.stringify(body)).toContain(mine.ids['workspace_id']);
    }
    const renamed = await rig.call(`/api/v1/channels/${mine.ids['channel_id']}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${mine.key}` },
      body: { name: 'Renamed' },
    });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Renamed']);
  });

  it.each(managed)('reaches nothing of another workspace through %s, wherever its ids are put', async (_name, spec) => {
    const before = await everythingOf(theirs);
    for (const body of bodiesOf(spec, theirs.ids)) {
      const query = Object.keys(spec.query?.shape ?? {}).flatMap((name) =>
        name in theirs.ids ? [`${name}=${theirs.ids[name]}`] : [],
      );
      for (const asked of ['', ...query.map((filter) => `?${filter}`)]) {
        const sent = `${pathWith(spec, theirs.ids)}${asked} ${JSON.stringify(body ?? '')}`;
        const { status, body: answer } = await call(`${pathWith(spec, theirs.ids)}${asked}`, spec, body);
        const isList = status === 200 && Array.isArray(answer?.data);
        expect([sent, status >= 400 || isList || answer?.replayed === 0 || idsIn(sent, theirs).length === 0]).toEqual([
          sent,
          true,
        ]);
        if (isList && asked !== '') expect(answer.data).toEqual([]);
        const foreign = idsIn(JSON.stringify(answer ?? ''), theirs).filter((id) => !sent.includes(id));
        expect([sent, foreign]).toEqual([sent, []]);
      }
    }
    expect(await everythingOf(theirs)).toBe(before);
  });

  it('cannot create a workspace', async () => {
    const body = { name: 'Another', inbox: { kind: 'intercom', access_token: 'none', client_secret: 'none' } };
    const answer = await rig.call('/api/v1/workspaces', { headers: { authorization: `Bearer ${mine.key}` }, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('never gets the stored answer of another caller', async () => {
    const body = { kind: 'workspace', workspace_id: mine.ids['workspace_id'], name: 'Twice' };
    const headers = { 'idempotency-key': 'the-same-for-all' };
    const first = await rig.admin('/api/v1/keys', { headers, body });
    const second = await rig.call('/api/v1/keys', {
      headers: { ...headers, authorization: `Bearer ${mine.key}` },
      body,
    });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).not.toBe(first.body.id);
  });
});

describe('the database', () => {
  it('has a forced policy on every table with rows of workspaces', async () => {
    const { rows } = await rig.database.pool.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
         and not (c.relrowsecurity and c.relforcerowsecurity and exists (
           select 1 from pg_policies p where p.tablename = c.relname and p.policyname = 'tenant'))
       order by 1`,
    );
    const everybodys = ['changes', 'installation', 'leases', 'processes', 'schema_migrations'];
    expect(rows.map(({ name }) => name)).toEqual(everybodys);
  });

  it('lets a session without a workspace read nothing and write nothing', async () => {
    const client = await rig.database.pool.connect();
    try {
      await client.query(`select set_config('chatferry.workspaces', '', false)`);
      for (const table of ['workspaces', 'channels', 'messages', 'keys', 'lanes', 'updates']) {
        expect([table, (await client.query(`select 1 from ${table}`)).rowCount]).toEqual([table, 0]);
      }
      await expect(
        client.query(`insert into lanes (key, workspace_id, tail) values ('x', $1, 1)`, [mine.ids['workspace_id']]),
      ).rejects.toThrow('row-level security');
    } finally {
      client.release(true);
    }
  });
});
