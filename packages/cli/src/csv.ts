/** Tables as RFC 4180 describes them, with a line feed at the end of each line. */
import type { Cell, Row } from './view.ts';

/**
 * Spreadsheets run a cell that begins with one of these as a formula, and some texts come from customers. An apostrophe
 * before it makes it a text. Numbers, such as the chat id of a group, stay as they are.
 */
const isFormula = (value: string): boolean =>
  value.length > 1 && /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(?:\.\d+)?$/.test(value);

const printCell = (value: Cell): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && isFormula(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One line for the labels, in the order in which they first appear, and one for each row. */
export const printCsv = (rows: readonly Row[]): string => {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [labels, ...rows.map((row) => labels.map((label) => row[label]))]
    .map((cells) => cells.map(printCell).join(','))
    .join('\n');
};
