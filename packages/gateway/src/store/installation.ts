import type { Pool } from 'pg';

/** Names this database, for what is kept outside of it and belongs to it. */
export async function readInstallationId(db: Pool): Promise<string> {
  const { rows } = await db.query<{ id: string }>('select id from installation');
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('the database has lost its installation id');
  return id;
}
