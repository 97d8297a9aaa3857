import type { Pool } from 'pg';
import type { UnkeyedEntries } from './audit-chain.ts';
import { bindQueries } from './database/bind-queries.ts';

interface Row {
  readonly id: string;
  readonly key_pepper: Buffer | null;
  readonly audit_key: Buffer | null;
}

async function readInstallation(db: Pool): Promise<Row> {
  const { rows } = await db.query<Row>('select id, key_pepper, audit_key from installation');
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

/** The key of the audit log's digests, sealed; null before the first start of a gateway that has one. */
export async function readAuditKey(db: Pool): Promise<Buffer | null> {
  return (await readInstallation(db)).audit_key;
}

/** Stores the key of the audit log. Another process may have stored one first; that one stays. */
export async function storeAuditKey(db: Pool, sealed: Buffer): Promise<void> {
  await db.query('update installation set audit_key = $1 where audit_key is null', [sealed]);
}

/** The entries of the audit log that are there before the first key. */
export async function readUnkeyedEntries(db: Pool): Promise<UnkeyedEntries> {
  const { rows } = await db.query<UnkeyedEntries>(
    `select count(*)::int as entries, coalesce(max(id), 0) as "lastId",
       coalesce((select encode(hash, 'hex') from audit order by id desc limit 1), '') as head from audit`,
  );
  if (!rows[0]) throw new Error('The audit log could not be counted.');
  return rows[0];
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
  bindQueries(db, {
    readId: readInstallationId,
    readKeyPepper,
    storeKeyPepper,
    readFirstSealingKey,
    readAuditKey,
    storeAuditKey,
    readUnkeyedEntries,
  });
