import { invalidValue } from './api-error.ts';

const idForm = /^[a-z]{3}_[0-9a-z]{1,40}$/;

/**
 * Makes one page of a complete list, ordered by id: the oldest first, because ids begin with their time. The cursor is the id of
 * the last entry of the page before. It remains valid when that entry is deleted. Throws TYPE_MISMATCH for another cursor.
 */
export function cutPage<R extends { readonly id: string }, T>(
  records: readonly R[],
  query: { readonly cursor?: string | undefined; readonly limit: number },
  show: (record: R) => T,
): { data: T[]; next_cursor: string | null } {
  const { cursor, limit } = query;
  if (cursor !== undefined && !idForm.test(cursor)) throw invalidCursor();
  const rest = records
    .filter((record) => cursor === undefined || record.id > cursor)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = rest.slice(0, limit);
  return { data: page.map(show), next_cursor: rest.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Refuses a cursor that no page returned. */
export const invalidCursor = () => invalidValue('#/query/cursor', 'cursor must be next_cursor of the page before.');
