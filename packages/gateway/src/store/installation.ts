import type { Pool } from 'pg';

/** The id of this database. Files outside of it that belong to it, such as a journal, carry the id. */
export async function readInstallationId(db: Pool): Promise<string> {
  const { rows } = await db.query<{ id: string }>('select id from installation');
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The table installation has no row.');
  return id;
}
