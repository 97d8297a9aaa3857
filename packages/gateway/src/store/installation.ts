import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

interface Row {
  readonly id: string;
  readonly key_pepper: Buffer | null;
}

async function readInstallation(db: Pool): Promise<Row> {
  const { rows } = await db.query<Row>('select id, key_pepper from installation');
  if (!rows[0]) throw new Error('The table installation has no row.');
  return rows[0];
}

/** The id of this database. Files outside of it that belong to it, such as a journal, carry the id. */
export async function readInstallationId(db: Pool): Promise<string> {
  return (await readInstallation(db)).id;
}

/** The value that digests of API keys are made with, sealed; null in a new database. */
export async function readKeyPepper(db: Pool): Promise<Buffer | null> {
  return (await readInstallation(db)).key_pepper;
}

/** Stores the key pepper. Another process may have stored one first; that one stays. */
export async function storeKeyPepper(db: Pool, sealed: Buffer): Promise<void> {
  await db.query('update installation set key_pepper = $1 where key_pepper is null', [sealed]);
}

/** The id of the master key that sealed the credential of the oldest workspace; null if there is none. */
export async function readFirstSealingKey(db: Pool): Promise<string | null> {
  const { rows } = await db.query<{ id: Buffer }>(
    `select substring(inbox_credential from 3 for get_byte(inbox_credential, 1)) as id from workspaces
     where length(inbox_credential) > 0 order by created_at limit 1`,
  );
  return rows[0]?.id.toString('utf8') ?? null;
}

export type Installation = ReturnType<typeof installation>;

/** The queries about the database itself. They are used before the store exists. */
export const installation = (db: Pool) =>
  bindQueries(db, { readId: readInstallationId, readKeyPepper, storeKeyPepper, readFirstSealingKey });
