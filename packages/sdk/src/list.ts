import { type Call, callOperation } from './call.js';
import type { CallableOperation, CallInput } from './resource.js';
import type { Settings } from './settings.js';

/** What a page of every list has: the `cursor` of the next page, or how far the event log was read. */
export type AnyPage = { readonly data: readonly unknown[] } & (
  | { readonly next_cursor: string | null }
  | { readonly next_after: string | null; readonly has_more: boolean }
);

/** A list: `for await` goes through the entries of all its pages, and `page()` is one page. Nothing is requested before that. */
export interface List<Page extends AnyPage> extends AsyncIterable<Page['data'][number]> {
  /** The first page, or the page at the `cursor` or `after` that was given. */
  page(): Call<Page>;
}

type Position = Readonly<Record<string, string>>;

/** The fields that ask for the page after this one. Undefined for the last page. */
const positionAfter = (page: AnyPage): Position | undefined => {
  if ('next_cursor' in page) return page.next_cursor === null ? undefined : { cursor: page.next_cursor };
  return page.has_more && page.next_after !== null ? { after: page.next_after } : undefined;
};

async function* readEntries<Page extends AnyPage>(
  fetchPage: (position: Position) => Call<Page>,
): AsyncGenerator<Page['data'][number], void, undefined> {
  let position: Position | undefined = {};
  do {
    const page: Page = await fetchPage(position);
    // The type of a generator awaits its entries; entries of JSON are never promises.
    yield* page.data as Iterable<Awaited<Page['data'][number]>>;
    position = positionAfter(page);
  } while (position !== undefined);
}

/** Calls an operation whose answers are pages. */
export const callList = <Page extends AnyPage>(
  settings: Settings,
  operation: CallableOperation,
  input: CallInput,
): List<Page> => {
  const fetchPage = (position: Position): Call<Page> =>
    callOperation<Page>(settings, operation, { ...input, fields: { ...input.fields, ...position } });
  return { page: () => fetchPage({}), [Symbol.asyncIterator]: () => readEntries(fetchPage) };
};
