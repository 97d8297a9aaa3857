/** Tables and blocks for a person: plain text in columns. */

// What providers and people wrote must not move the cursor.
const printable = (value: string): string => value.replaceAll(/\p{Cc}/gu, ' ');

const widthOf = (value: string): number => [...value].length;

const padTo = (value: string, width: number): string => value + ' '.repeat(Math.max(0, width - widthOf(value)));

/** Rows under headings, each column as wide as its widest cell. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => padTo(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** One thing, a property a line. Properties that are null or undefined are left out. */
export const block = (properties: Readonly<Record<string, string | number | boolean | null | undefined>>): string => {
  const present = Object.entries(properties).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, shown(value)] as const],
  );
  const width = Math.max(...present.map(([name]) => widthOf(name)));
  return present.map(([name, value]) => `${padTo(name, width)}  ${printable(value)}`).join('\n');
};

const shown = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);

/** `2026-01-31 12:00:00 UTC` */
export const time = (timestamp: string | null): string =>
  timestamp === null ? '-' : `${timestamp.slice(0, 19).replace('T', ' ')} UTC`;

/** A page of a list, and how to see the next. */
export const page = (
  lines: { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] },
  nextCursor: string | null,
  empty: string,
): string => {
  if (lines.rows.length === 0) return empty;
  const more = nextCursor === null ? '' : `\n\nThere are more: add --cursor ${nextCursor}`;
  return table(lines.headings, lines.rows) + more;
};

export const paragraphs = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join('\n\n');

/** A problem, beneath a sentence: where it is, unless it is about the whole. */
export const problemLine = ({ pointer, message }: { readonly pointer: string; readonly message: string }): string =>
  pointer === '' ? `  ${message}` : `  ${pointer}: ${message}`;
