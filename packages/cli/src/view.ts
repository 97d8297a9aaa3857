/** What a command shows to a person, as data. `output.ts` turns it into text. */

export type Cell = string | number | boolean | null | undefined;

/** Values by their label. In a table the labels are the headings. */
export type Row = Readonly<Record<string, Cell>>;

interface ProblemText {
  readonly pointer: string;
  readonly message: string;
}

export type Part =
  /** Paragraphs as they are. */
  | { readonly kind: 'text'; readonly text: string }
  /** One object, a label and a value on each line. Labels without a value are left out. */
  | { readonly kind: 'fields'; readonly fields: Row }
  /** Objects of one kind, a line each. `columns` are the labels that a person sees; absent: all. */
  | { readonly kind: 'table'; readonly rows: readonly Row[]; readonly columns?: readonly string[] | undefined }
  /** Terms with their explanations, indented. */
  | { readonly kind: 'definitions'; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'problems'; readonly problems: readonly ProblemText[] }
  | { readonly kind: 'json'; readonly value: unknown };

/** A part with a line above it. */
interface TitledPart {
  readonly title: string;
  readonly part: Part;
}

/** Shown from top to bottom with an empty line between the entries. A string is a paragraph; null is left out. */
export type View = readonly (string | Part | TitledPart | null)[];

export const fields = (values: Row): Part => ({ kind: 'fields', fields: values });
export const table = (rows: readonly Row[], columns?: readonly string[]): Part => ({ kind: 'table', rows, columns });
export const definitions = (entries: readonly (readonly [string, string])[]): Part => ({
  kind: 'definitions',
  entries,
});
export const problemList = (problems: readonly ProblemText[]): Part => ({ kind: 'problems', problems });
export const json = (value: unknown): Part => ({ kind: 'json', value });
export const titled = (title: string, part: string | Part): TitledPart => ({
  title,
  part: typeof part === 'string' ? { kind: 'text', text: part } : part,
});

interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** One page of a list, and how to get the next one. `empty` is shown for a page without entries. */
export const pageView = <T>(page: Page<T>, empty: string, show: (entries: readonly T[]) => readonly Part[]): View => {
  if (page.data.length === 0) return [empty];
  const more = page.next_cursor === null ? null : `There are more: add --cursor ${page.next_cursor}`;
  return [...show(page.data), more];
};

/** `2026-01-31 12:00:00 UTC`, or `-` for no time. */
export const time = (timestamp: string | null): string =>
  timestamp === null ? '-' : `${timestamp.slice(0, 19).replace('T', ' ')} UTC`;

/** `on` or `off` */
export const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
