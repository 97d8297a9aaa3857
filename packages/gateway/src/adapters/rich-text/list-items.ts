import type { Attributes } from './html-elements.ts';

/** An open list; `next` is null if its items have bullets. */
export interface OpenList {
  next: number | null;
}

export function listOf(name: string, attributes: Attributes): OpenList | null {
  if (name === 'ul') return { next: null };
  return name === 'ol' ? { next: integerIn(attributes['start']) ?? 1 } : null;
}

/** The bullet or number of the next item of the innermost list; counts the item. */
export function itemLead(lists: readonly OpenList[], attributes: Attributes): string {
  const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), indentsMax));
  const list = lists.at(-1);
  if (list === undefined || list.next === null) return `${indent}• `;
  const number = integerIn(attributes['value']) ?? list.next;
  list.next = number + 1;
  return `${indent}${number}. `;
}

const indentsMax = 5;

function integerIn(text = ''): number | null {
  const number = Number.parseInt(text, 10);
  return Number.isSafeInteger(number) ? number : null;
}
