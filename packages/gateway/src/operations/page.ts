import { unfit } from './api-error.ts';

const idForm = /^[a-z]{3}_[0-9a-z]{1,40}$/;

/**
 * Cuts one page out of a whole list, by id: the oldest first, since ids begin with their time. The cursor is the id of the
 * last entry seen, and holds its place when that entry is deleted meanwhile.
 */
export function pageOf<R extends { readonly id: string }, T>(
  records: readonly R[],
  query: { readonly cursor?: string | undefined; readonly limit: number },
  show: (record: R) => T,
): { data: T[]; next_cursor: string | null } {
  const { cursor, limit } = query;
  if (cursor !== undefined && !idForm.test(cursor)) throw unfitCursor();
  const rest = records
    .filter((record) => cursor === undefined || record.id > cursor)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = rest.slice(0, limit);
  return { data: page.map(show), next_cursor: rest.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** The refusal of a cursor that no page ever named. */
export const unfitCursor = () => unfit('#/query/cursor', 'cursor must be next_cursor of the page before.');
