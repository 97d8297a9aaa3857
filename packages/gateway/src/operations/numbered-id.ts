import { unfitCursor } from './page.ts';

const form = /^[1-9][0-9]{0,17}$/;

/** The store's number in an id of a kind that the store numbers; null for an id that was never handed out. */
export function numberOf(prefix: string, id: string): string | null {
  const number = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return form.test(number) ? number : null;
}

/** The number of the last entry seen, from a cursor that is its id. */
export function numberedCursor(prefix: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const number = numberOf(prefix, cursor);
  if (number === null) throw unfitCursor();
  return number;
}
