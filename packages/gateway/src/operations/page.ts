/** Cuts one page out of a whole list: after the entry that the cursor names. */
export function pageOf<R extends { readonly id: string }, T>(
  records: readonly R[],
  query: { readonly cursor?: string | undefined; readonly limit: number },
  show: (record: R) => T,
): { data: T[]; next_cursor: string | null } {
  const after = query.cursor === undefined ? 0 : records.findIndex((record) => record.id === query.cursor) + 1;
  const page = records.slice(after, after + query.limit);
  const last = page.at(-1);
  return {
    data: page.map(show),
    next_cursor: last && after + page.length < records.length ? last.id : null,
  };
}
