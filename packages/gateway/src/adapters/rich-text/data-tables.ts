import { Parser } from 'htmlparser2';
import { isCell, unread } from './html-elements.ts';

/** A cell with more characters is a part of a layout: its paragraphs stay paragraphs. */
const cellMax = 300;

interface OpenTable {
  readonly index: number;
  hasTable: boolean;
  /** Cells with words in the row that is being read. */
  filled: number;
  hasRow: boolean;
  isTooLong: boolean;
  cellLength: number;
}

/**
 * For each table of a document, in the order of their beginnings, whether it shows data: then each of its rows is read as one
 * line. Mails and editors also lay out whole texts with tables; those have a table in them, one column, or long cells.
 */
export function dataTablesIn(pieces: readonly string[]): readonly boolean[] {
  const found: boolean[] = [];
  const open: OpenTable[] = [];
  let unreadDepth = 0;
  const endCell = (table: OpenTable): void => {
    if (table.cellLength > 0) table.filled += 1;
    if (table.cellLength > cellMax) table.isTooLong = true;
    if (table.filled > 1) table.hasRow = true;
    table.cellLength = 0;
  };
  const parser = new Parser(
    {
      onopentag(name) {
        if (unread.has(name)) unreadDepth += 1;
        const table = open.at(-1);
        if (name === 'table') {
          if (table !== undefined) table.hasTable = true;
          open.push(newTable(found.length));
          found.push(false);
        }
        if (name === 'tr' && table !== undefined) table.filled = 0;
      },
      ontext(data) {
        const table = open.at(-1);
        if (table !== undefined && unreadDepth === 0) table.cellLength += data.replace(/\s+/g, '').length;
      },
      onclosetag(name) {
        if (unread.has(name)) unreadDepth -= 1;
        const table = open.at(-1);
        if (table === undefined) return;
        if (isCell(name)) endCell(table);
        if (name !== 'table') return;
        open.pop();
        found[table.index] = table.hasRow && !table.hasTable && !table.isTooLong;
      },
    },
    { decodeEntities: true },
  );
  for (const piece of pieces) parser.write(piece);
  parser.end();
  return found;
}

const newTable = (index: number): OpenTable => ({
  index,
  hasTable: false,
  filled: 0,
  hasRow: false,
  isTooLong: false,
  cellLength: 0,
});
