import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';

/** True if the row was in the state that the change starts from. */
export function changeState<R extends { readonly state: string; readonly problem: string | null }>(
  db: MemoryDatabase,
  rows: Map<string, R>,
  id: string,
  from: R['state'],
  to: Pick<R, 'state' | 'problem'>,
): boolean {
  const row = rows.get(id);
  db.changes += 1;
  if (row?.state !== from) return false;
  rows.set(id, { ...row, ...to });
  return true;
}

/** The queries of `store.changes`. */
export const changes = ({ bind }: QueryBinder) => bind('changes', { readVersion: (db) => db.changes });
