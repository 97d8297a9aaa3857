import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/**
 * A number that increases with every change of a workspace, a channel or a key. Caches are valid until it changes.
 */
export async function readChangeVersion(db: Pool): Promise<number> {
  const { rows } = await db.query<{ version: number }>({
    name: 'read-change-version',
    text: 'select version from changes',
  });
  const version = rows[0]?.version;
  if (version === undefined) throw new Error('The table changes has no row.');
  return version;
}

/** The queries of `store.changes`. */
export const changes = (db: Pool) => bindQueries(db, { readVersion: readChangeVersion });
