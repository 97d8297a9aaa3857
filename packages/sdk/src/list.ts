import { type Call, callOperation } from './call.js';
import type { CallableOperation, CallInput } from './resource.js';
import type { Settings } from './settings.js';

/** What a page of every list has. */
export interface AnyPage {
  readonly data: readonly unknown[];
  /** The `cursor` of the next page. Null on the last page. */
  readonly next_cursor: string | null;
}

/** A list: `for await` goes through the entries of all its pages, and `page()` is one page. Nothing is requested before. */
export interface List<Page extends AnyPage> extends AsyncIterable<Page['data'][number]> {
  /** The first page, or the page of the `cursor` that was given. */
  page(): Call<Page>;
}

async function* readEntries<Page extends AnyPage>(
  fetchPage: (cursor: string | undefined) => Call<Page>,
): AsyncGenerator<Page['data'][number], void, undefined> {
  let cursor: string | undefined;
  do {
    const page: Page = await fetchPage(cursor);
    // The type of a generator awaits its entries; entries of JSON are never promises.
    yield* page.data as Iterable<Awaited<Page['data'][number]>>;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** Calls an operation whose answers are pages. */
export const callList = <Page extends AnyPage>(
  settings: Settings,
  operation: CallableOperation,
  input: CallInput,
): List<Page> => {
  const fetchPage = (cursor: string | undefined): Call<Page> => {
    const fields = cursor === undefined ? input.fields : { ...input.fields, cursor };
    return callOperation<Page>(settings, operation, { ...input, fields });
  };
  return { page: () => fetchPage(undefined), [Symbol.asyncIterator]: () => readEntries(fetchPage) };
};
