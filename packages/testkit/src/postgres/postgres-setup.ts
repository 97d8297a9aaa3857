import { grantRuntime, migrate } from '@chatferry/gateway/internal/store/database/migrate';
import { type Connection, checkServer, createPool } from '@chatferry/gateway/internal/store/database/pool';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { connectionTo } from './postgres.ts';
import { silentLog, startTemporaryPostgres } from './temporary-postgres.ts';

const template = `chatferry_template_${process.pid}`;

let teardownSteps: (() => Promise<void>)[] = [];

/** Once per run: a server (embedded, or the one of TEST_DATABASE_URL) and a migrated database that every test file clones. @public Vitest calls it. */
export async function setup(project: TestProject): Promise<void> {
  const given = project.getProvidedContext().testDatabaseUrl;
  let connection: Connection = given;
  // A given server may have only one role.
  let runtimeRole: string | null = null;
  if (given === '') {
    const server = await startTemporaryPostgres();
    teardownSteps.push(server.stop);
    connection = server.ownerConnection;
    runtimeRole = server.connection.user;
  }
  try {
    await administer(connection, `create database ${template}`);
    if (given !== '') {
      teardownSteps.push(() => administer(connection, `drop database if exists ${template} with (force)`));
    }
    const pool = createPool({ connection: connectionTo(connection, template), log: silentLog });
    try {
      await checkServer(pool);
      await migrate(pool, { log: silentLog });
      // Every copy of the template has these rights.
      if (runtimeRole !== null) await grantRuntime(pool, runtimeRole);
    } finally {
      await pool.end();
    }
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', { connection, template, runtimeRole });
}

export async function teardown(): Promise<void> {
  const steps = teardownSteps.reverse();
  teardownSteps = [];
  for (const step of steps) {
    await step();
  }
}

async function administer(connection: Connection, sql: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
