import { randomBytes } from 'node:crypto';
import { isErrorCode } from '@chatferry/gateway/internal/errors/error-code';
import { type Connection, createPool } from '@chatferry/gateway/internal/store/database/pool';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { silentLog } from './temporary-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server for tests; empty to start an embedded one. */
    testDatabaseUrl: string;
    postgres: { readonly connection: Connection; readonly template: string; readonly runtimeRole: string | null };
  }
}

export interface TestDatabase {
  /** Of the role that owns the tables. Its commits do not wait for the disk. */
  readonly pool: pg.Pool;
  /** The role of a running gateway, which owns nothing. The owner, if the server of TEST_DATABASE_URL has only one role. */
  readonly runtimeConnection: Connection;
  /** For a gateway process, which refuses a server that can lose commits. */
  readonly connection: Connection;
  /** For more pools in the process of the test. Commits do not wait for the disk: measured, a third of the time of a store test. */
  readonly relaxedConnection: Connection;
  drop(): Promise<void>;
}

/** A migrated, empty database for this test file, with its own pool; dropped after the file. Call it at the top of the file. */
export async function freshDatabase(): Promise<TestDatabase> {
  const database = await openDatabase();
  afterAll(database.drop);
  return database;
}

/** The same for use inside a test, which drops it itself. `template0` gives one without any table. */
export async function openDatabase(from?: 'template0'): Promise<TestDatabase> {
  const { connection: server, template, runtimeRole } = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `create database ${name} template ${from ?? template}`);
  const connection = connectionTo(server, name);
  const relaxedConnection = relaxConnection(connection);
  const pool = createPool({
    connection: relaxedConnection,
    log: silentLog,
    applicationName: name,
    connectionsMax: 10,
  });
  return {
    pool,
    connection,
    relaxedConnection,
    runtimeConnection: withRole(relaxedConnection, runtimeRole),
    drop: async () => {
      await pool.end();
      await dropDatabase(server, name);
    },
  };
}

/**
 * PostgreSQL itself sends an autovacuum worker away from a database that is dropped; with `force` the role would have to be
 * allowed to end it. So force is only for sessions that a test left behind.
 */
async function dropDatabase(server: Connection, name: string): Promise<void> {
  try {
    await administer(server, `drop database ${name}`);
  } catch (error) {
    if (!isErrorCode(error, '55006')) throw error;
    await administer(server, `drop database ${name} with (force)`);
  }
}

/** The same server and role, another database. */
export function connectionTo(server: Connection, database: string): Connection {
  if (typeof server !== 'string') {
    return { ...server, database };
  }
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** The same database with another role. */
const withRole = (connection: Connection, role: string | null): Connection =>
  typeof connection === 'string' || role === null ? connection : { ...connection, user: role };

/** The same database without synchronous commits. The machine does not crash in a test, so no commit is lost. */
function relaxConnection(connection: Connection): Connection {
  const options = '-c synchronous_commit=off';
  if (typeof connection !== 'string') {
    const relaxed = { ...connection, options };
    return relaxed;
  }
  const url = new URL(connection);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', given === null ? options : `${given} ${options}`);
  return url.href;
}

async function administer(server: Connection, sql: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
