import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { isErrorCode } from '../../errors/error-code.ts';
import { StartError } from '../../errors/start-error.ts';
import type { StoreLog } from '../../ports/log.ts';

/**
 * A numbered forward migration. A file `0007_name.sql` begins with `-- 0007 (compatible with 0005+): why`. This
 * header says that gateways that know the migrations up to 0005 still work on the changed schema. Older gateways must
 * not start on it.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly compatibleWith: number;
  readonly checksum: string;
  readonly sql: string;
}

/** One row of `schema_migrations`. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly compatibleWith: number;
}

export type MigrationPlan =
  | { readonly kind: 'ready'; readonly pending: readonly Migration[]; readonly newer: readonly AppliedMigration[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** The folder in `src`, which the package contains. The path is the same from `src` and from `dist`. */
export const migrationsFolder: string = fileURLToPath(new URL('../../../src/store/migrations/', import.meta.url));

/** An arbitrary number that no other program uses in the same database. */
export const migrationLock = 0x6d_69_67_72;

export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrorCode(error, 'ENOENT')) {
      return [];
    }
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.sql')).sort();
  if (files.length === 0) {
    throw new StartError(`There are no migrations in ${folder}. This installation is incomplete. Install it again.`);
  }
  return Promise.all(
    files.map(async (file, index) => parseMigration(file, await readFile(`${folder}/${file}`, 'utf8'), index + 1)),
  );
}

export function parseMigration(file: string, text: string, expectedNumber: number): Migration {
  const sql = text.replaceAll('\r\n', '\n');
  const [, digits = '', name = ''] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
  const [, headerDigits = '', compatible = ''] = /^-- (\d{4}) \(compatible with (\d{4})\+\): \S/.exec(sql) ?? [];
  const number = Number(digits);
  if (number !== expectedNumber || digits === '') {
    throw new TypeError(
      `The migration ${file} should be number ${expectedNumber}: numbers start at 0001 and leave no gap.`,
    );
  }
  if (headerDigits !== digits || Number(compatible) < 1 || Number(compatible) > number) {
    throw new TypeError(`The migration ${file} must begin with the line "-- ${digits} (compatible with NNNN+): why".`);
  }
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { number, name, compatibleWith: Number(compatible), checksum, sql };
}

/** Decides what a gateway that knows `known` does with a database that has `applied`. */
export function planMigrations(known: readonly Migration[], applied: readonly AppliedMigration[]): MigrationPlan {
  const newest = known.length;
  for (const done of applied) {
    const migration = known[done.number - 1];
    if (migration !== undefined && migration.checksum !== done.checksum) {
      return {
        kind: 'refused',
        reason:
          `Migration ${label(done)} was applied to this database with other contents than this gateway has. ` +
          'Never edit an applied migration: restore the file as released, or add a new one.',
      };
    }
  }
  const newer = applied.filter((done) => done.number > newest);
  const breaking = newer.filter((done) => done.compatibleWith > newest);
  if (breaking.length > 0) {
    return {
      kind: 'refused',
      reason:
        `The database was migrated by a newer gateway (${breaking.map(label).join(', ')}), and this gateway cannot use it. ` +
        'Install the newer version, or restore a backup from before the migration.',
    };
  }
  const done = new Set(applied.map((row) => row.number));
  return { kind: 'ready', pending: known.filter((migration) => !done.has(migration.number)), newer };
}

export interface MigrateOptions {
  readonly log: StoreLog;
  /** Default: the migrations of this gateway. */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings the database up to date and returns the numbers of the applied migrations. Each migration runs in its own
 * transaction under an advisory lock. Replicas may start at the same time, and a crash leaves only complete
 * migrations. Rejects with a `StartError` if a migration fails, or if the database does not fit this gateway.
 */
export async function migrate(pool: pg.Pool, { log, migrations }: MigrateOptions): Promise<number[]> {
  const known = migrations ?? (await readMigrations());
  const applied: number[] = [];
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    for (;;) {
      // Each round reads the table again, because another replica may have applied a migration.
      const next = await applyNext(client, known, log);
      if (next === null) return applied;
      applied.push(next.number);
    }
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => {
      broken = new Error('The connection was lost during a migration.', { cause });
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Gives the role `runtime`, which owns nothing, what the running gateway needs, and takes everything else from it. To be called by
 * the owner after each migration.
 */
export async function grantRuntime(pool: pg.Pool, runtime: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    // Two replicas that start together would change the same rights.
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('select grant_runtime($1)', [runtime]);
    await client.query('commit');
  } finally {
    // After an error this ends the transaction.
    client.release(true);
  }
}

/** Applies the first pending migration and returns it; null if none is pending. */
async function applyNext(client: pg.PoolClient, known: readonly Migration[], log: StoreLog): Promise<Migration | null> {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
  const plan = planMigrations(known, await readApplied(client));
  if (plan.kind === 'refused') throw new StartError(plan.reason);
  const [next] = plan.pending;
  if (next !== undefined) await assertOwner(client, next);
  if (next === undefined) {
    await client.query('commit');
    if (plan.newer.length > 0) log.warn({ newer: plan.newer.map(label) }, 'migrations.newer_in_database');
    return null;
  }
  try {
    await client.query(next.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Migration ${label(next)} failed and was rolled back: ${reason}. Nothing changed. Fix the cause and start again.`,
      { cause: error },
    );
  }
  await client.query(
    'insert into schema_migrations (number, name, checksum, compatible_with) values ($1, $2, $3, $4)',
    [next.number, next.name, next.checksum, next.compatibleWith],
  );
  await client.query('commit');
  log.info({ number: next.number, name: next.name }, 'migrations.applied');
  return next;
}

const ownerNeeded =
  'Run npm run migrate with the address of the owner in CHATFERRY_MIGRATION_DATABASE_URL, then start again.';

/** Rejects with a `StartError` if the role of this session may not create tables. */
async function assertMayCreate(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ role: string; may: boolean }>(
    `select current_user as role, coalesce(has_schema_privilege(current_schema(), 'create'), false) as may`,
  );
  const [row] = rows;
  if (row === undefined || row.may) return;
  throw new StartError(`The database has no tables yet, and the role ${row.role} may not create any. ${ownerNeeded}`);
}

/** Rejects with a `StartError` if the role of this session does not own the tables. */
async function assertOwner(client: pg.PoolClient, next: Migration): Promise<void> {
  const { rows } = await client.query<{ role: string; owner: string; owns: boolean }>(
    `select current_user as role, pg_get_userbyid(relowner) as owner, pg_has_role(relowner, 'usage') as owns
     from pg_class where oid = 'schema_migrations'::regclass`,
  );
  const [row] = rows;
  if (row === undefined || row.owns) return;
  throw new StartError(
    `The migration ${label(next)} is pending, and the role ${row.role} cannot apply it, because ${row.owner} owns the tables. ` +
      ownerNeeded,
  );
}

/** Reads what was applied. Creates the table if there is none, so that a role that owns nothing can read too. */
async function readApplied(client: pg.PoolClient): Promise<readonly AppliedMigration[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('schema_migrations') is not null as exists`,
  );
  if (found[0]?.exists !== true) {
    await assertMayCreate(client);
    await createMigrationTable(client);
  }
  const { rows } = await client.query(
    'select number, name, checksum, compatible_with from schema_migrations order by number',
  );
  return rows.map((row) => ({
    number: Number(row.number),
    name: String(row.name),
    checksum: String(row.checksum),
    compatibleWith: Number(row.compatible_with),
  }));
}

async function createMigrationTable(client: pg.PoolClient): Promise<void> {
  await client.query(
    `create table schema_migrations (
       number integer primary key,
       name text not null,
       checksum text not null,
       compatible_with integer not null,
       applied_at timestamptz not null default now()
     )`,
  );
}

function label(migration: { readonly number: number; readonly name: string }): string {
  return `${String(migration.number).padStart(4, '0')}_${migration.name}`;
}
