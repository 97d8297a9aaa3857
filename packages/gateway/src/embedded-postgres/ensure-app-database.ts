import type pg from 'pg';

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
