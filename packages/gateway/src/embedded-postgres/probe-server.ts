import { hostname } from 'node:os';
import pg from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import { superuser } from './cluster.ts';
import { socketPort } from './paths.ts';

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

export async function readServerVersion(client: pg.Client): Promise<string> {
  const answer = await client.query("select split_part(current_setting('server_version'), ' ', 1) as version");
  return String(answer.rows[0]?.version);
}
