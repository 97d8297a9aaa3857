import type pg from 'pg';
import { StartError } from '../../errors/start-error.ts';

/** With more connections than poolers behind one address, two of them share a pooler. */
const connectionsMax = 8;
const rounds = 2;

/**
 * Rejects with a `StartError` if a pooler gives each transaction another session of the server. What a session of the gateway sets
 * would then be lost, or be found by another one: row-level security would show it nothing, or too much.
 *
 * Each of several open connections gives a session variable a value of its own, one after the other. In sessions of their own, each
 * reads back its own value. A pooler that takes the session that was free last (PgBouncer's default) lets them all write to the same
 * session, so the first one reads the value of the last. One that takes turns gives a connection another session when it reads; the
 * second reading goes backwards, so that no number of sessions can come out even. PgBouncer since 1.21 keeps prepared statements for
 * such connections, but no session variables.
 */
export async function refuseTransactionPooler(pool: pg.Pool): Promise<void> {
  const clients: pg.PoolClient[] = [];
  try {
    for (let count = Math.min(connectionsMax, pool.options.max); count > 0; count -= 1)
      clients.push(await pool.connect());
    if (!(await keepTheirSessions(clients))) throw new StartError(refusal);
  } finally {
    for (const client of clients) client.release(true);
  }
}

async function keepTheirSessions(clients: readonly pg.PoolClient[]): Promise<boolean> {
  const written: (readonly [pg.PoolClient, string])[] = [];
  for (const client of clients) {
    const { rows } = await client.query<{ token: string }>(
      `select set_config('chatferry.session', gen_random_uuid()::text, false) as token`,
    );
    written.push([client, rows[0]?.token ?? '']);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [client, token] of written) {
      const { rows } = await client.query<{ token: string | null }>(
        `select current_setting('chatferry.session', true) as token`,
      );
      if (rows[0]?.token !== token) return false;
    }
    written.reverse();
  }
  return true;
}

const refusal =
  'There is a pooler before the database, which gives each transaction another session of the server (PgBouncer: ' +
  'pool_mode = transaction or statement). The gateway needs sessions of its own: row-level security depends on a setting ' +
  'of the session. Let DATABASE_URL lead to the server itself, or to a pool in session mode (pool_mode = session) that is ' +
  'at least as large as CHATFERRY_DATABASE_CONNECTIONS_MAX.';
