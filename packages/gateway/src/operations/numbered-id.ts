import { invalidCursor } from './cut-page.ts';

const form = /^[1-9][0-9]{0,17}$/;

/** The store's number in an id of a kind that the store numbers. Null for an id that was never issued. */
export function numberOf(prefix: string, id: string): string | null {
  const number = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return form.test(number) ? number : null;
}

/** The number of the last entry of the page before, from a cursor that is its id. Throws TYPE_MISMATCH. */
export function numberedCursor(prefix: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const number = numberOf(prefix, cursor);
  if (number === null) throw invalidCursor();
  return number;
}

/** Makes a page of at most `limit` entries from records that were read with a limit of one more. */
export function numberedPage<R, T extends { readonly id: string }>(
  records: readonly R[],
  limit: number,
  show: (record: R) => T,
): { data: T[]; next_cursor: string | null } {
  const data = records.slice(0, limit).map(show);
  return { data, next_cursor: records.length > limit ? (data.at(-1)?.id ?? null) : null };
}
