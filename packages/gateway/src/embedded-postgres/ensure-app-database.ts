import pg from 'pg';
import { superuser } from './cluster.ts';

/** The database of the gateway, and the role of the running gateway. */
export const appName = 'chatferry';
/** The role that owns the database and its tables. Only migrations and restores use it. */
export const ownerName = 'chatferry_owner';

/**
 * Creates the database and its two roles. The gateway's own role owns nothing, so that it cannot change the audit log, and is not a
 * superuser, so that row-level security applies to it. In the data folder of an earlier version it owned everything: then the owner
 * gets all of it.
 */
export async function ensureAppDatabase(client: pg.Client): Promise<void> {
  const { rows: roles } = await client.query<{ name: string; createdb: boolean }>(
    'select rolname as name, rolcreatedb as createdb from pg_roles',
  );
  const app = roles.find(({ name }) => name === appName);
  if (!roles.some(({ name }) => name === ownerName)) await client.query(`create role ${ownerName} login createdb`);
  if (app === undefined) await client.query(`create role ${appName} login`);
  // At every start, whatever an earlier one left undone: it belongs to no other step.
  else if (app.createdb) await client.query(`alter role ${appName} nocreatedb`);
  // The owner sees what the gateway's sessions do, and may end them.
  await client.query(`grant ${appName} to ${ownerName}`);
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [appName],
  );
  if (rows[0] === undefined) await client.query(`create database ${appName} owner ${ownerName}`);
  else if (rows[0].owner === appName) await handOver(client);
}

async function handOver({ host, port }: pg.Client): Promise<void> {
  const client = new pg.Client({ host, port, user: superuser, database: appName });
  await client.connect();
  try {
    // The database itself is handed over too. One statement does all of it, or nothing.
    await client.query(`reassign owned by ${appName} to ${ownerName}`);
  } finally {
    await client.end();
  }
}
