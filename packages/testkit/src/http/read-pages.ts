import type { Answer } from '../rigs/rig.ts';

/** Reads every page of a list by its cursors. Throws on a repeated cursor, which would make an endless loop. */
export async function readPages(
  get: (path: string) => Promise<Answer>,
  path: string,
): Promise<readonly (readonly { readonly [field: string]: unknown }[])[]> {
  const pages = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const joint = path.includes('?') ? '&' : '?';
    const answer: Answer = await get(cursor === null ? path : `${path}${joint}cursor=${cursor}`);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    pages.push(answer.body.data);
    cursor = answer.body.next_cursor;
    if (cursor !== null && seen.has(cursor)) throw new Error(`${path} returned the cursor ${cursor} twice`);
    seen.add(cursor ?? '');
  } while (cursor !== null);
  return pages;
}
