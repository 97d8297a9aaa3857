import type { Answer } from '../rigs/rig.ts';

/** Every page of a list by its cursors; throws on a page that repeats, so that a lost place cannot read for ever. */
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
    if (cursor !== null && seen.has(cursor)) throw new Error(`${path} named the cursor ${cursor} twice`);
    seen.add(cursor ?? '');
  } while (cursor !== null);
  return pages;
}
