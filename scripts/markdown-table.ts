const countCharacters = (cell: string): number => [...cell].length;

const escapeCell = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Prints a Markdown table with aligned columns. */
export const markdownTable = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = [headings, ...rows].map((row) => row.map(escapeCell));
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => countCharacters(row[column] ?? ''))));
  const line = (row: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (row[column] ?? '') + fill.repeat(width - countCharacters(row[column] ?? ''))).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head, ' '), line([], '-'), ...body.map((row) => line(row, ' '))].join('\n');
};
