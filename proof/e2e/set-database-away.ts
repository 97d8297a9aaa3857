import type { TestDatabase } from '@chatferry/testkit/postgres/postgres';
import pg from 'pg';
import { inject } from 'vitest';

/** Ends all connections to a database and refuses new ones, as a server that stops does; and lets them in again. */
export async function setDatabaseAway({ connection }: TestDatabase, isAway: boolean): Promise<void> {
  const name = typeof connection === 'string' ? new URL(connection).pathname.slice(1) : connection.database;
  const client = new pg.Client(inject('postgres').connection);
  await client.connect();
  await client.query(`alter database ${name} allow_connections ${!isAway}`);
  // The server's own workers may not be ended.
  const ours = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and backend_type = 'client backend'`;
  if (isAway) await client.query(ours, [name]);
  await client.end();
}
