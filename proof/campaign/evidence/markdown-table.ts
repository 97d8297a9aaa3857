export type Cells = readonly (string | number)[];

/** All columns but the first are aligned to the right. */
export const markdownTable = (heads: Cells, rows: readonly Cells[]): string =>
  [heads, heads.map((_head, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
