import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createPool } from '@chatferry/gateway/internal/store/database/pool';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

const rig = await startRig({ CHATFERRY_AUDIT_HEAD_EVERY_SECONDS: '1' });
/** The attacker who owns the tables. */
const owner = rig.database.pool;
const headsFile = join(rig.dataDir, 'audit-heads.log');

interface Verification {
  readonly entries: number;
  readonly intact: boolean;
  readonly broken_at: string | null;
  readonly head: string;
  readonly known_head: { readonly found: boolean; readonly position: number | null } | null;
  readonly recorded_heads: {
    readonly checked: number;
    readonly missing: number;
    readonly first_missing: string | null;
  };
  readonly protected_by: string;
}
const verify = async (query = ''): Promise<Verification> =>
  (await rig.admin(`/api/v1/audit/verification${query}`)).body;
/** Each call adds two entries. */
const act = () => rig.admin('/api/v1/channels/chn_00000000000000000000000000', { method: 'DELETE' });
const isRecorded = (head: string) => expect.poll(() => readFileSync(headsFile, 'utf8')).toContain(head);

/** Runs statements as the owner of the tables, and brings the log back afterwards. */
async function attackAsOwner(statements: readonly string[], check: () => Promise<void>): Promise<void> {
  await owner.query('create table kept as select * from audit');
  await owner.query('alter table audit disable trigger all');
  await owner.query('grant all on audit to current_user');
  try {
    for (const statement of statements) await owner.query(statement);
    await check();
  } finally {
    await owner.query('delete from audit');
    await owner.query('insert into audit select * from kept order by id');
    await owner.query('drop table kept');
    await owner.query('revoke update, delete, truncate on audit from current_user');
    await owner.query('alter table audit enable trigger all');
  }
}

/** Makes the digests of all entries again without the key. `fields` is how the names of the fields are written. */
async function forgeUnkeyedChain(fields: string): Promise<void> {
  const { rows } = await owner.query<{ id: number; values: (string | null)[] }>(
    `select id, array[id::text, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), request_id::text, phase,
       actor_kind, actor_id, address, action, object, workspace_id, ${fields}, status::text] as values
     from audit order by id`,
  );
  let before: Buffer = Buffer.alloc(0);
  for (const { id, values } of rows) {
    const text = values.map((value) => (value === null ? '-' : `${Buffer.byteLength(value)}:${value}`)).join(' ');
    before = createHash('sha256').update(before).update(text).digest();
    await owner.query('update audit set hash = $2 where id = $1', [id, before]);
  }
}

beforeAll(async () => {
  for (let count = 0; count < 5; count += 1) await act();
});

describe('a head that was kept', () => {
  it('is found later with its position, after more entries were added', async () => {
    const { head, entries } = await verify();
    await act();
    const later = await verify(`?head=${head}&entries=${entries}`);
    expect(later).toMatchObject({ intact: true, known_head: { found: true, position: entries } });
    expect(later.entries).toBe(entries + 2);
    expect(later.head).not.toBe(head);
  });

  it('is missing if it is unknown, and does not count at another position', async () => {
    const { head, entries } = await verify();
    const unknown = await verify(`?head=${'0'.repeat(64)}`);
    expect(unknown).toMatchObject({ intact: false, broken_at: null, known_head: { found: false, position: null } });
    const moved = await verify(`?head=${head}&entries=${entries - 1}`);
    expect(moved).toMatchObject({ intact: false, known_head: { found: false, position: entries } });
    expect((await rig.admin('/api/v1/audit/verification?head=abc')).status).toBe(400);
  });

  it('is missing after entries were cut off at its end, although the rest of the chain fits', async () => {
    const { head, entries } = await verify();
    await attackAsOwner([`delete from audit where id > ${entries - 3}`], async () => {
      const verdict = await verify(`?head=${head}&entries=${entries}`);
      expect(verdict).toMatchObject({ entries: entries - 3, intact: false, broken_at: null });
      expect(verdict.known_head).toEqual({ found: false, position: null });
    });
    expect(await verify(`?head=${head}`)).toMatchObject({ intact: true });
  });
});

describe('the heads of the audit log', () => {
  it('are recorded in the data folder, for its owner only, and logged', async () => {
    await act();
    const { head, entries } = await verify();
    await isRecorded(head);
    expect(statSync(headsFile).mode & 0o777).toBe(0o600);
    const logged = rig.logLines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'audit.head');
    expect(logged.at(-1)).toMatchObject({ level: 'info', head, entries });
  });

  it('show by themselves that entries were cut off at the end', async () => {
    await act();
    const { head, entries } = await verify();
    await isRecorded(head);
    await attackAsOwner([`delete from audit where id = ${entries}`], async () => {
      const verdict = await verify();
      expect(verdict).toMatchObject({ intact: false, broken_at: null, recorded_heads: { first_missing: head } });
      await expect
        .poll(() => rig.logLines.find((line) => line.includes('audit.entries_missing') && line.includes(head)))
        .toContain(`audit verify --head ${head} --entries ${entries}`);
    });
    expect(await verify()).toMatchObject({ intact: true });
  });
});

describe('an attacker who owns the tables', () => {
  it.each([
    ['changes who did something', [`update audit set actor_id = 'per_other', actor_kind = 'person' where id = 4`]],
    ['deletes an entry', ['delete from audit where id = 4']],
    ['deletes the first entries', ['delete from audit where id < 5']],
    ['exchanges two entries', ['update audit set id = case id when 3 then 1000000 else 3 end where id in (3, 4)']],
    [
      'gives an entry the digest of another one',
      ['update audit set hash = (select hash from audit where id = 3) where id = 4'],
    ],
    ['splits a field', [`update audit set fields = array['a', 'b'] where id = 4`]],
    [
      'adds an entry before the first one',
      [
        'alter table audit drop constraint audit_id_check',
        `insert into audit select -1, at, request_id, phase, actor_kind, 'per_other', address, action, object, workspace_id, fields, status, sha256('') from audit where id = 1`,
      ],
    ],
  ])('is noticed: %s', async (_name, statements) => {
    await attackAsOwner(statements, async () => {
      expect(await verify()).toMatchObject({ intact: false, broken_at: expect.stringMatching(/^aud_/) });
    });
  });

  it.each([
    ['as the first version of the log had it', `array_to_string(fields, ',')`],
    ['as it is today, but without the key', 'to_json(fields)::text'],
  ])('is noticed after dropping entries and making the whole chain again, %s', async (_name, fields) => {
    const forgery = ['delete from audit where id > 6', `update audit set actor_id = 'per_other' where id = 2`];
    await attackAsOwner(forgery, async () => {
      await forgeUnkeyedChain(fields);
      expect(await verify()).toMatchObject({ intact: false, broken_at: 'aud_1', entries: 0 });
    });
  });

  it('cannot take the key away without a trace: the gateway does not start again', async () => {
    await isRecorded((await verify()).head);
    const { rows } = await owner.query<{ audit_key: Buffer }>('select audit_key from installation');
    await expect(owner.query('update installation set audit_key = null')).rejects.toThrow('cannot be removed');
    await owner.query('alter table installation disable trigger keep_audit_key');
    await owner.query('update installation set audit_key = null');
    await expect(rig.startAnother()).rejects.toThrow(/audit log is missing from the database.*audit-heads\.log/);
    await owner.query('update installation set audit_key = $1', [rows[0]?.audit_key]);
    await owner.query('alter table installation enable trigger keep_audit_key');
    expect(await verify()).toMatchObject({ intact: true });
  });
});

describe.skipIf(inject('postgres').runtimeRole === null)('the database role of the running gateway', () => {
  const runtime = createPool({ connection: rig.database.runtimeConnection, log: silentLog, connectionsMax: 1 });
  beforeAll(() => () => runtime.end());
  beforeEach(async () => {
    expect(await verify()).toMatchObject({ intact: true, protected_by: 'role-and-key' });
  });

  it.each([
    ['update audit set actor_id = $$other$$', 'permission denied for table audit'],
    ['delete from audit', 'permission denied for table audit'],
    ['truncate audit', 'permission denied for table audit'],
    ['alter table audit disable trigger all', 'must be owner of table audit'],
    ['alter table audit disable trigger append_only', 'must be owner of table audit'],
    ['drop trigger append_only on audit', 'must be owner of relation audit'],
    [
      'create trigger mine before insert on audit for each row execute function refuse_audit_change()',
      'permission denied',
    ],
    ['create rule mine as on insert to audit do instead nothing', 'must be owner of table audit'],
    [
      'create or replace function refuse_audit_change() returns trigger language plpgsql as $$begin return new; end$$',
      'permission denied for schema',
    ],
    ['alter function refuse_audit_change() rename to other', 'must be owner of function'],
    ['alter table audit owner to current_user', 'must be owner of table audit'],
    ['alter table audit no force row level security', 'must be owner of table audit'],
    ['drop policy tenant on audit', 'must be owner of relation audit'],
    ['drop table audit', 'must be owner of table audit'],
    ['set session_replication_role = replica', 'permission denied to set parameter'],
    ['create table mine (id int)', 'permission denied for schema'],
    ['create schema mine', 'permission denied for database'],
    ['create function mine() returns int language sql as $$select 1$$', 'permission denied for schema'],
    ['update schema_migrations set checksum = $$x$$', 'permission denied for table schema_migrations'],
    ['update installation set id = gen_random_uuid()', 'permission denied for table installation'],
    ['update installation set audit_key = null', 'cannot be removed'],
    ['delete from installation', 'permission denied for table installation'],
    ['truncate messages', 'permission denied for table messages'],
    ['alter table messages disable trigger message_state', 'must be owner of table messages'],
    ['truncate erasures', 'permission denied for table erasures'],
    ['truncate login_failures', 'permission denied for table login_failures'],
    ['select create_partition($$messages$$, current_date + 100)', 'permission denied for schema'],
    ['select drop_partitions($$audit$$, current_date)', 'may not be dropped'],
  ])('cannot run: %s', async (statement, reason) => {
    await expect(runtime.query(statement)).rejects.toThrow(reason);
  });

  it.each(['grant update, delete on audit to current_user', 'select grant_runtime(current_user)'])(
    'gains nothing by: %s',
    async (statement) => {
      // PostgreSQL only warns that nothing was granted.
      await runtime.query(statement);
      await expect(runtime.query('delete from audit')).rejects.toThrow('permission denied');
    },
  );

  it('cannot read a day partition directly', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       join pg_class p on p.oid = i.inhparent where p.relkind = 'p'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows)
      await expect(runtime.query(`select 1 from ${name}`), name).rejects.toThrow('permission denied');
  });

  it('owns nothing, and has no right on a table beyond reading and writing rows', async () => {
    const { rows: owned } = await runtime.query(
      `select c.relname from pg_class c where c.relowner = current_user::regrole
       union all select p.proname from pg_proc p where p.proowner = current_user::regrole`,
    );
    expect(owned).toEqual([]);
    const { rows: rights } = await runtime.query<{ right: string }>(
      `select distinct a.privilege_type as right from pg_class c join pg_namespace n on n.oid = c.relnamespace,
         aclexplode(c.relacl) a
       where n.nspname = 'public' and c.relkind in ('r', 'p') and a.grantee in (0, current_user::regrole::oid) order by 1`,
    );
    expect(rights.map(({ right }) => right)).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
  });

  it('is noticed if it adds a forged entry', async () => {
    await runtime.query(
      `insert into audit select id + 1, at, request_id, phase, 'person', 'per_other', address, action, object,
         workspace_id, fields, status, sha256('') from audit order by id desc limit 1`,
    );
    expect(await verify()).toMatchObject({ intact: false, broken_at: expect.stringMatching(/^aud_/) });
    await attackAsOwner([`delete from kept where actor_id = 'per_other'`], async () => undefined);
  });
});
