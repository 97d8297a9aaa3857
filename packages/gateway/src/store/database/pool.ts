import pg from 'pg';
import { StartError } from '../../errors/start-error.ts';
import type { StoreLog } from '../../ports/log.ts';

/** A connection string, or where the embedded server listens. */
export type Connection =
  | string
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

export interface PoolOptions {
  readonly connection: Connection;
  readonly log: StoreLog;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Measured: sixteen connections reach the server's ceiling for durable commits. */
  readonly connectionsMax?: number;
  /** How long one statement may take before its connection counts as dead; without it, for ever. */
  readonly statementLimitMs?: number;
}

/** PostgreSQL's type numbers, where the driver's own reading would mislead. */
const int8 = 20;
const date = 1082;
const int8Array = 1016;

/** A 64-bit integer as a number where that is exact; otherwise it stays text, digit for digit. */
export function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

type Parse = (text: string) => unknown;

/** The driver's own reader; its declared type knows only the built-in numbers by name. */
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
    // The driver would make it midnight in the local time zone.
    if (oid === date) {
      return (text) => text;
    }
  }
  return driverParser(oid, format);
}

/**
 * Plans that are good for short statements on small and growing tables, chosen without statistics. Measured: on
 * tables that were never analysed the planner took sequential scans and compiled them, 10 to 40 ms a statement;
 * planning the batch statements anew each time cost three times as much as running them.
 */
const sessionSettings = `
select set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_generic_plan', false),
  set_config('enable_seqscan', 'off', false)`;

/**
 * The gateway itself works for all workspaces; row-level security shows nothing to a session that does not say for
 * whom it works.
 */
export const worksForAll = `select set_config('chatferry.workspaces', '*', false)`;

/** A server that only resembles PostgreSQL may not know the other settings: it works without them. */
async function settle(client: pg.ClientBase, log: StoreLog): Promise<void> {
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
    application_name: applicationName,
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(statementLimitMs === undefined ? {} : { query_timeout: statementLimitMs }),
    onConnect: (client) => settle(client, log),
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  // While the pool ends, a server that shuts down first is no loss.
  pool.on('error', (err) => {
    if (!pool.ending) log.warn({ err }, 'store.connection_lost');
  });
  return pool;
}

export interface ServerFacts {
  readonly versionNumber: number;
  /** Null where the server is only compatible with PostgreSQL and has no such setting. */
  readonly fsync: string | null;
  readonly synchronousCommit: string | null;
  readonly encoding: string;
  readonly standby: boolean;
}

/** Everything about the server that forbids to start, each with the remedy. */
export function serverProblems(facts: ServerFacts): string[] {
  const problems: string[] = [];
  if (facts.versionNumber < 150_000) {
    const version = Math.floor(facts.versionNumber / 10_000);
    problems.push(
      `It is PostgreSQL ${version}; version 15 or later is needed. Upgrade it, or point to another server.`,
    );
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
    problems.push('It is a standby and takes no writes. Point DATABASE_URL to the primary.');
  }
  return problems;
}

/** Rejects with a `StartError` that lists every problem of the server, or says that it cannot be reached. */
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
      `The database does not answer: ${reason}. Check DATABASE_URL (host, port, user, password, database, TLS) and that the server runs.`,
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
