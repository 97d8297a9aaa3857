/** Turns views into text: columns for people, JSON or CSV for programs. The only place where output is laid out. */
import { printCsv } from './csv.ts';
import { harmless } from './harmless.ts';
import { noPaint, type Paint, paintState } from './paint.ts';
import { UsageError } from './usage-error.ts';
import type { Cell, Part, Row, View } from './view.ts';

/** One line, without characters that a terminal obeys or hides. They are escaped before the width is counted. */
const printable = (value: string): string => harmless(value.replaceAll(/[\r\n\t]/g, ' '));

const widthOf = (value: string): number => [...value].length;

const padTo = (value: string, width: number): string => value + ' '.repeat(Math.max(0, width - widthOf(value)));

const printCell = (value: Cell): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : printable(String(value));
};

const pick = (row: Row, labels: readonly string[]): readonly Cell[] => labels.map((label) => row[label]);

const printTable = (rows: readonly Row[], columns: readonly string[] | undefined, paint: Paint): string => {
  const labels = columns ?? Object.keys(rows[0] ?? {});
  const headings = labels.map((label) => label.toUpperCase());
  const lines = rows.map((row) => pick(row, labels).map(printCell));
  const widths = labels.map((_, column) =>
    Math.max(...[headings, ...lines].map((line) => widthOf(line[column] ?? ''))),
  );
  const layOut = (line: readonly string[], paintCell: (cell: string) => string): string =>
    line
      .map((cell, column) => (column === line.length - 1 ? cell : padTo(cell, widths[column] ?? 0)))
      // Empty cells at the end of a line leave no spaces behind.
      .map((cell, column) => (line.slice(column).every((one) => one === '') ? '' : paintCell(cell)))
      .join('  ')
      .trimEnd();
  return [
    layOut(headings, (cell) => paint('heading', cell)),
    ...lines.map((line) => layOut(line, (cell) => paintState(paint, cell))),
  ].join('\n');
};

const isPresent = (value: Cell): boolean => value !== null && value !== undefined;

const printFields = (fields: Row, paint: Paint): string => {
  const present = Object.entries(fields).filter(([, value]) => isPresent(value));
  const width = Math.max(...present.map(([label]) => widthOf(label)));
  return present
    .map(([label, value]) => `${paint('label', padTo(label, width))}  ${paintState(paint, printCell(value))}`)
    .join('\n');
};

const termWidthMax = 34;

const printDefinitions = (entries: readonly (readonly [string, string])[], paint: Paint): string => {
  const width = Math.max(...entries.map(([term]) => term.length));
  return entries
    .map(([term, explanation]) =>
      width > termWidthMax
        ? `  ${paint('command', term)}\n      ${explanation}`
        : `  ${paint('command', term.padEnd(width))}  ${explanation}`,
    )
    .join('\n');
};

/** A problem below its sentence, with its place unless it concerns the whole request. */
export const problemLine = ({ pointer, message }: { readonly pointer: string; readonly message: string }): string =>
  pointer === '' ? `  ${message}` : `  ${pointer}: ${message}`;

const printPart = (part: Part, paint: Paint): string => {
  switch (part.kind) {
    case 'text':
      return harmless(part.text);
    case 'fields':
      return printFields(part.fields, paint);
    case 'table':
      return printTable(part.rows, part.columns, paint);
    case 'definitions':
      return printDefinitions(part.entries, paint);
    case 'problems':
      return harmless(part.problems.map(problemLine).join('\n'));
    case 'json':
      return harmless(JSON.stringify(part.value, null, 2));
  }
};

/** Prints a view, without a line break at its end. */
export const render = (view: View, paint: Paint = noPaint): string =>
  view
    .filter((entry) => entry !== null)
    .map((entry) => {
      if (typeof entry === 'string') return harmless(entry);
      return 'title' in entry
        ? `${paint('heading', harmless(entry.title))}\n${printPart(entry.part, paint)}`
        : printPart(entry, paint);
    })
    .join('\n\n');

const partsOf = (view: View): readonly Part[] =>
  view.flatMap((entry) => {
    if (entry === null) return [];
    if (typeof entry === 'string') return [{ kind: 'text' as const, text: entry }];
    return ['title' in entry ? entry.part : entry];
  });

const rowsOf = (part: Part): readonly Row[] => {
  if (part.kind === 'table') return part.rows;
  if (part.kind === 'problems') return part.problems.map(({ pointer, message }) => ({ pointer, message }));
  return part.kind === 'fields' ? [part.fields] : [];
};

/** The rows of the largest kind of part, all with their labels; everything else is said beside the table. */
const printViewAsCsv = (view: View): Output => {
  const parts = partsOf(view);
  if (parts.some(({ kind }) => kind === 'json'))
    throw new UsageError('This answer is no table. Ask for it as JSON.', '--output json');
  const kind = parts.find((part) => rowsOf(part).length > 0)?.kind;
  const rows = parts.filter((part) => part.kind === kind).flatMap(rowsOf);
  const others = parts.filter((part) => part.kind !== kind);
  return {
    out: rows.length === 0 ? null : printCsv(rows),
    beside: others.length === 0 ? null : render(others),
  };
};

/** What a command resolves with, as far as it is printed. */
interface Printed {
  readonly view: View;
  /** The answer of the API. */
  readonly json?: unknown;
}

/** A failure, as far as it is printed. */
interface PrintedFailure {
  readonly text: string;
  readonly json: unknown;
}

interface Output {
  /** For standard output. Null prints nothing. */
  readonly out: string | null;
  /** For standard error: what a program that reads the result must not get. */
  readonly beside: string | null;
}

interface OutputFormat {
  readonly print: (printed: Printed, paint: Paint) => Output;
  /** What an error prints, on standard error. */
  readonly printFailure: (failure: PrintedFailure, paint: Paint) => string;
}

const onlyOut = (out: string | null): Output => ({ out, beside: null });

/** Colours the first word of an error, which says what kind it is. */
const paintFailure = ({ text }: PrintedFailure, paint: Paint): string => {
  const safe = harmless(text);
  const [, lead = ''] = /^(Refused:)/.exec(safe) ?? [];
  return lead === '' ? safe : `${paint('bad', lead)}${safe.slice(lead.length)}`;
};

/** The formats of `--output`. To add one, add it here. The first is the default. */
const outputFormats = {
  table: {
    print: ({ view }, paint) => onlyOut(view.length === 0 ? null : render(view, paint)),
    printFailure: paintFailure,
  },
  json: {
    print: ({ json }) => onlyOut(json === undefined ? null : JSON.stringify(json, null, 2)),
    printFailure: ({ json }) => JSON.stringify(json, null, 2),
  },
  csv: {
    print: ({ view }) => printViewAsCsv(view),
    printFailure: paintFailure,
  },
} as const satisfies Readonly<Record<string, OutputFormat>>;

export type OutputName = keyof typeof outputFormats;

export const outputFormatNames = Object.keys(outputFormats) as OutputName[];
export const outputHelp = 'How the result is printed: a table for people, the JSON of the API, or CSV. Default: table.';

const isOutputName = (name: string): name is OutputName => Object.hasOwn(outputFormats, name);

/** The format that was asked for; a table if it is none that exists, because an error about it must be readable. */
export const chosenFormat = (output: string | undefined, isJson: boolean): OutputName => {
  if (output !== undefined && isOutputName(output)) return output;
  return isJson ? 'json' : 'table';
};

export const printOutcome = (printed: Printed, format: OutputName, paint: Paint): Output =>
  outputFormats[format].print(printed, paint);

export const printFailure = (failure: PrintedFailure, format: OutputName, paint: Paint): string =>
  outputFormats[format].printFailure(failure, paint);
