import { hostname } from 'node:os';
import pg from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import { superuser } from './cluster.ts';
import { socketPort } from './paths.ts';

/**
 * The advisory lock that allows one gateway per data folder. A session of the server itself has it, so it is released
 * when the process ends in any way, and it works across containers that share the folder.
 */
const lockKey = 0x63_68_61_74;

export type Probe =
  | { readonly kind: 'ready'; readonly client: pg.Client }
  /** It answers, but does not accept sessions: it is starting or shutting down. */
  | { readonly kind: 'busy' }
  /** No server listens on the socket. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'hung'; readonly error: unknown };

export async function probeServer(socketFolder: string, connectTimeoutMs: number): Promise<Probe> {
  const client = new pg.Client({
    host: socketFolder,
    port: socketPort,
    user: superuser,
    database: 'postgres',
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: `chatferry ${process.pid} ${hostname()}`.slice(0, 63),
  });
  // Without a listener, a session that the server closes would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { kind: 'ready', client };
  } catch (error) {
    // PostgreSQL: 57P03 while starting up, recovering or shutting down; 57P01 when shut down during the handshake.
    if (isErrorCode(error, '57P03', '57P01', '53300', 'ECONNRESET', 'EPIPE')) {
      return { kind: 'busy' };
    }
    if (isErrorCode(error, 'ENOENT', 'ECONNREFUSED')) {
      return { kind: 'absent' };
    }
    if (error instanceof Error && error.message === 'Connection terminated unexpectedly') {
      return { kind: 'busy' };
    }
    return { kind: 'hung', error };
  }
}

/** Takes the lock. If another gateway has it, returns a description of that gateway. */
export async function lockFolder(client: pg.Client): Promise<{ readonly heldBy: string } | undefined> {
  const taken = await client.query('select pg_try_advisory_lock($1) as taken', [lockKey]);
  if (taken.rows[0]?.taken === true) {
    return undefined;
  }
  const holder = await client.query(
    `select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.granted`,
    [lockKey],
  );
  const [, pid, host] = String(holder.rows[0]?.application_name ?? '').split(' ');
  return {
    heldBy: pid === undefined ? 'another gateway' : `the gateway with process id ${pid} on ${host ?? 'this host'}`,
  };
}

export async function readServerVersion(client: pg.Client): Promise<string> {
  const answer = await client.query("select split_part(current_setting('server_version'), ' ', 1) as version");
  return String(answer.rows[0]?.version);
}

/** The gateway's own role is not a superuser, so that row-level security applies to it, as on a managed server. */
export async function ensureAppDatabase(client: pg.Client, name: string): Promise<void> {
  const role = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (role.rowCount === 0) {
    await client.query(`create role ${name} login createdb`);
  }
  const database = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (database.rowCount === 0) {
    await client.query(`create database ${name} owner ${name}`);
  }
}
