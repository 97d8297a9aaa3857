import pg from 'pg';
import { StartError } from '../../errors/start-error.ts';
import type { StoreLog } from '../../ports/log.ts';
import { StorableClient } from './unstorable.ts';

/** A connection string, or the address of the embedded server. */
export type Connection =
  | string
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

export interface PoolOptions {
  readonly connection: Connection;
  readonly log: StoreLog;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Default: 16. Measured: more connections do not increase the number of durable commits per second. */
  readonly connectionsMax?: number;
  /** The time limit of a statement, after which its connection is considered dead. Default: none. */
  readonly statementLimitMs?: number;
}

/** The numbers of PostgreSQL's types that the driver would read in an unsuitable way. */
const int8 = 20;
const date = 1082;
const int8Array = 1016;

/** Reads a 64-bit integer as a number if that is exact, and otherwise as text. */
export function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

type Parse = (text: string) => unknown;

/** The driver's parser. Its declared type accepts only the names of the built-in types. */
const driverParser = pg.types.getTypeParser as (oid: number, format: 'text' | 'binary') => Parse;
const textArray = 1009;

function typeParser(oid: number, format: 'text' | 'binary' = 'text'): Parse {
  if (format === 'text') {
    if (oid === int8) {
      return parseInt8;
    }
    if (oid === int8Array) {
      const parseArray = driverParser(textArray, 'text') as (text: string) => (string | null)[];
      return (text) => parseArray(text).map((item) => (item === null ? null : parseInt8(item)));
    }
    // The driver would read a date as midnight in the local time zone.
    if (oid === date) {
      return (text) => text;
    }
  }
  return driverParser(oid, format);
}

/**
 * Gives good plans for short statements on small and growing tables, without statistics. Measured: on tables that
 * were never analysed the planner chose sequential scans and JIT compilation, which took 10 to 40 ms per statement.
 * Planning the batch statements again each time cost three times as much as running them.
 */
const sessionSettings = `
select set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_generic_plan', false),
  set_config('enable_seqscan', 'off', false)`;

/**
 * The gateway's own sessions see the rows of all workspaces. Without this setting, row-level security shows a session
 * nothing.
 */
export const worksForAll = `select set_config('chatferry.workspaces', '*', false)`;

/**
 * A server that is only compatible with PostgreSQL may not have the settings of `sessionSettings`, and works without
 * them.
 */
async function applySessionSettings(client: pg.ClientBase, log: StoreLog): Promise<void> {
  await client.query(worksForAll);
  try {
    await client.query(sessionSettings);
  } catch (err) {
    log.warn({ err }, 'store.session_settings_refused');
  }
}

export function createPool({
  connection,
  log,
  applicationName = 'chatferry',
  connectionsMax = 16,
  statementLimitMs,
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    Client: StorableClient,
    application_name: applicationName,
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(statementLimitMs === undefined ? {} : { query_timeout: statementLimitMs }),
    onConnect: (client) => applySessionSettings(client, log),
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  });
  // The pool replaces a broken idle connection at the next query. Without a listener the error would end the process.
  // While the pool is closing, a server that shuts down first does no harm.
  pool.on('error', (err) => {
    if (!pool.ending) log.warn({ err }, 'store.connection_lost');
  });
  return pool;
}

export interface ServerFacts {
  readonly versionNumber: number;
  /** Null if the server is only compatible with PostgreSQL and does not have this setting. */
  readonly fsync: string | null;
  readonly synchronousCommit: string | null;
  readonly encoding: string;
  readonly standby: boolean;
}

/** Every property of the server that prevents a start, each with its remedy. */
export function serverProblems(facts: ServerFacts): string[] {
  const problems: string[] = [];
  if (facts.versionNumber < 150_000) {
    const version = Math.floor(facts.versionNumber / 10_000);
    problems.push(`It is PostgreSQL ${version}; version 15 or later is needed. Upgrade it, or use another server.`);
  }
  if (facts.fsync === 'off') {
    problems.push(
      'It runs with fsync = off and can lose what it confirmed. Set "fsync = on" in its postgresql.conf and reload it.',
    );
  }
  if (facts.synchronousCommit === 'off') {
    problems.push(
      'It runs with synchronous_commit = off and can lose what it confirmed. Set "synchronous_commit = on" in postgresql.conf, ' +
        'or for this role: alter role <user> set synchronous_commit = on.',
    );
  }
  if (facts.encoding !== 'UTF8') {
    problems.push(
      `The database's encoding is ${facts.encoding}. Create one with: create database … encoding 'UTF8' template template0.`,
    );
  }
  if (facts.standby) {
    problems.push('It is a standby and accepts no writes. Point DATABASE_URL to the primary.');
  }
  return problems;
}

/** Rejects with a `StartError` that lists every problem of the server, or says that it does not answer. */
export async function checkServer(pool: pg.Pool): Promise<void> {
  let result: pg.QueryResult;
  try {
    result = await pool.query(
      `select current_setting('server_version_num')::int as version, current_setting('fsync', true) as fsync,
              current_setting('synchronous_commit', true) as commit, current_setting('server_encoding') as encoding,
              pg_is_in_recovery() as standby`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The database does not answer: ${reason}. Check DATABASE_URL (host, port, user, password, database, TLS), ` +
        'and check that the server runs.',
      { cause: error },
    );
  }
  const row = result.rows[0];
  const problems = serverProblems({
    versionNumber: Number(row?.version),
    fsync: row?.fsync ?? null,
    synchronousCommit: row?.commit ?? null,
    encoding: String(row?.encoding),
    standby: row?.standby === true,
  });
  if (problems.length > 0) {
    throw new StartError(
      `The database server cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  }
}
