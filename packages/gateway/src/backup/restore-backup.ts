import type pg from 'pg';
import { StartError } from '../errors/start-error.ts';
import type { StoreLog } from '../ports/log.ts';
import { type Migration, migrate, migrationLock, readMigrations } from '../store/database/migrate.ts';
import { type BackupHeader, type BackupLine, readBackup, sealedKeyColumns } from './format.ts';
import { type Parked, parkOpenWork } from './park-open-work.ts';
import { listTables } from './tables.ts';

export interface Restored extends Parked {
  readonly madeAt: string;
  readonly rows: number;
}

/** How many bytes of rows one statement inserts. */
const batchBytes = 1024 * 1024;
/**
 * Callers know the ids of messages that were created after the backup. These ids must not be used for other messages,
 * so the sequence skips this number of ids.
 */
const messageIdsSkipped = 1_000_000;

/**
 * Restores a checked backup into an empty database, in one transaction. Afterwards nothing is sent automatically.
 * Rejects with a `StartError` if the database is not empty, or if the backup does not fit this version.
 */
export async function restoreBackup(
  pool: pg.Pool,
  file: string,
  { header, log }: { readonly header: BackupHeader; readonly log: StoreLog },
): Promise<Restored> {
  const migrations = chooseMigrations(header, await readMigrations());
  await assertEmpty(pool, header);
  await migrate(pool, { log, migrations });

  const backup = await readBackup(file);
  const client = await pool.connect();
  try {
    await client.query('begin');
    // A gateway that starts during the restore waits for this lock, and then finds all data.
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await createPartitions(client, header);
    // In the schema of an earlier version, this trigger makes the digests of the audit log. These rows have theirs already.
    const { rowCount: chained } = await client.query(`select 1 from pg_trigger where tgname = 'chain'`);
    if (chained === 1) await client.query('alter table audit disable trigger chain');
    await switchEventLog(client, 'disable');
    const rows = await insertRows(client, backup.lines, new Set(await listTables(client)));
    await beginEventEra(client, header);
    await switchEventLog(client, 'enable');
    if (chained === 1) await client.query('alter table audit enable trigger chain');
    await continueSequences(client, header);
    const parked = await parkOpenWork(client);
    await client.query('update installation set id = gen_random_uuid()');
    await restoreSealedKeys(client, header);
    await client.query('commit');
    return { madeAt: header.made_at, rows, ...parked };
  } finally {
    backup.close();
    // Closes the connection. After an error this rolls the transaction back.
    client.release(true);
  }
}

/**
 * Reads the whole file before anything is changed. Rejects if it is damaged, or if the key for its secrets is
 * missing.
 */
export async function checkBackup(file: string, masterKeyIds: readonly string[]): Promise<BackupHeader> {
  const { header, lines, close } = await readBackup(file);
  try {
    for await (const _ of lines);
  } finally {
    close();
  }
  assertKeysFit(header, masterKeyIds);
  return header;
}

function assertKeysFit({ master_keys: wanted }: BackupHeader, masterKeyIds: readonly string[]): void {
  const missing = wanted.filter((id) => !masterKeyIds.includes(id));
  if (missing.length === 0) return;
  const found = masterKeyIds.length === 0 ? 'there is none here' : `the key here is ${masterKeyIds.join(', ')}`;
  throw new StartError(
    `The credentials in this backup are sealed with the master key ${missing.join(' and ')}, and ${found}. ` +
      'Put the master.key of the old data folder into this data folder (mode 600), or set it as ' +
      'CHATFERRY_MASTER_KEY, and restore again.',
  );
}

function chooseMigrations(header: BackupHeader, known: readonly Migration[]): readonly Migration[] {
  const fits = header.migrations.every(({ number, checksum }) => known[number - 1]?.checksum === checksum);
  if (!fits) {
    const newest = header.migrations.at(-1);
    throw new StartError(
      `This backup was made by another version of the gateway (its schema is ${newest?.number}_${newest?.name}). ` +
        'Restore it with that version or a newer one.',
    );
  }
  return known.slice(0, header.migrations.length);
}

const notEmpty =
  'Restore into a new one: create a database and set DATABASE_URL, or name a new data folder in CHATFERRY_DATA_DIR ' +
  'and put the old master.key into it.';

async function assertEmpty(pool: pg.Pool, header: BackupHeader): Promise<void> {
  const client = await pool.connect();
  try {
    const tables = await listTables(client);
    if (tables.length === 0) return;
    for (const table of tables) {
      const { rows } = await client.query(`select 1 from ${table} limit 1`);
      if (rows.length > 0) throw new StartError(`The database is not empty: ${table} has rows. ${notEmpty}`);
    }
    // Empty tables are left by an earlier restore that failed.
    const { rows } = await client.query<{ count: number }>('select count(*)::int as count from schema_migrations');
    if (rows[0]?.count !== header.migrations.length)
      throw new StartError(`The database already has the tables of another version. ${notEmpty}`);
  } finally {
    client.release();
  }
}

/** The restored rows have their events already. What is done to them after that is an event. */
async function switchEventLog(client: pg.ClientBase, what: 'enable' | 'disable'): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `select format('alter table %s ${what} trigger %I', tgrelid::regclass, tgname) as sql from pg_trigger
     where tgname in ('log_new', 'log_changed') and tgparentid = 0 order by 1`,
  );
  for (const { sql } of rows) await client.query(sql);
}

/**
 * The old database may have written more events after the backup, and readers know their ids. The new ones come after all
 * of them. In the schema of an earlier version there is no log.
 */
async function beginEventEra(client: pg.ClientBase, { event_era: era = 0 }: BackupHeader): Promise<void> {
  const { rowCount } = await client.query(
    `select 1 from pg_attribute where attrelid = 'installation'::regclass and attname = 'event_era'`,
  );
  if (rowCount === 1) await client.query('update installation set event_era = $1', [era + 1]);
}

async function createPartitions(client: pg.ClientBase, { partitions }: BackupHeader): Promise<void> {
  const guard = await client.query<{ exists: boolean }>(
    `select to_regprocedure('guard_partition(regclass)') is not null as exists`,
  );
  for (const [parent, days] of Object.entries(partitions)) {
    for (const day of days) {
      const child = `${parent}_${day}`;
      const { rows } = await client.query<{ sql: string; attach: string; guard: string }>(
        `select format('create table %I (like %I including all) with (fillfactor = 80)', $1::text, $2::text) as sql,
           format('select guard_partition(%L)', quote_ident($1)) as guard,
           format('alter table %I attach partition %I for values from (%L) to (%L)',
             $2::text, $1::text, $3::date, $3::date + 1) as attach
         where to_regclass(quote_ident($1)) is null`,
        [child, parent, day],
      );
      for (const one of rows) {
        await client.query(one.sql);
        // In the schema of an earlier version, the migration guards them all.
        if (guard.rows[0]?.exists === true) await client.query(one.guard);
        await client.query(one.attach);
      }
    }
  }
}

/** Brings back the sealed keys of the installation: without them, API keys and the audit log would not fit the new ones. */
async function restoreSealedKeys(client: pg.ClientBase, { sealed_keys: keys = {} }: BackupHeader): Promise<void> {
  for (const column of sealedKeyColumns) {
    const value = keys[column];
    if (value !== undefined)
      await client.query(`update installation set ${column} = $1`, [Buffer.from(value, 'base64')]);
  }
}

async function insertRows(
  client: pg.ClientBase,
  lines: AsyncIterable<BackupLine>,
  known: ReadonlySet<string>,
): Promise<number> {
  let table = '';
  let columns = '';
  let waiting: string[] = [];
  let bytes = 0;
  let count = 0;

  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await client.query(
      `insert into ${table} (${columns}) overriding system value
       select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
      [`[${waiting.join(',')}]`],
    );
    count += waiting.length;
    waiting = [];
    bytes = 0;
  };

  for await (const line of lines) {
    if (line.kind === 'table') {
      await flush();
      if (!known.has(line.table))
        throw new StartError(`The backup has a table ${line.table} that this version does not know.`);
      table = line.table;
      columns = await columnsOf(client, table);
    } else {
      waiting.push(line.row);
      bytes += line.row.length;
      if (bytes >= batchBytes) await flush();
    }
  }
  await flush();
  return count;
}

async function columnsOf(client: pg.ClientBase, table: string): Promise<string> {
  const { rows } = await client.query<{ list: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.list ?? '';
}

async function continueSequences(client: pg.ClientBase, { sequences }: BackupHeader): Promise<void> {
  for (const [name, value] of Object.entries(sequences)) {
    const skipped = name === 'message_ids' ? messageIdsSkipped : 0;
    await client.query('select setval(quote_ident($1)::regclass, $2::bigint + $3)', [name, value, skipped]);
  }
}
