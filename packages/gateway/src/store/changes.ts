import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** Moves with every change of a workspace, a channel or a key. */
export async function readChangeVersion(db: Pool): Promise<number> {
  const { rows } = await db.query<{ version: number }>({
    name: 'read-change-version',
    text: 'select version from changes',
  });
  const version = rows[0]?.version;
  if (version === undefined) throw new Error('the table of changes has lost its row');
  return version;
}

/** The queries of `store.changes`. */
export const changes = (db: Pool) => bindQueries(db, { readVersion: readChangeVersion });
