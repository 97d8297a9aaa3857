/** Turns views into text: plain text in columns. The only place where output is laid out. */
import { harmless } from './harmless.ts';
import type { Cell, Part, Row, View } from './view.ts';

/** One line, without characters that a terminal obeys or hides. They are escaped before the width is counted. */
const printable = (value: string): string => harmless(value.replaceAll(/[\r\n\t]/g, ' '));

const widthOf = (value: string): number => [...value].length;

const padTo = (value: string, width: number): string => value + ' '.repeat(Math.max(0, width - widthOf(value)));

const printCell = (value: Cell): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : printable(String(value));
};

const printTable = (rows: readonly Row[]): string => {
  const labels = Object.keys(rows[0] ?? {});
  const lines = [
    labels.map((label) => label.toUpperCase()),
    ...rows.map((row) => labels.map((label) => printCell(row[label]))),
  ];
  const widths = labels.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => padTo(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const printFields = (fields: Row): string => {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(...present.map(([label]) => widthOf(label)));
  return present.map(([label, value]) => `${padTo(label, width)}  ${printCell(value)}`).join('\n');
};

const termWidthMax = 34;

const printDefinitions = (entries: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...entries.map(([term]) => term.length));
  return entries
    .map(([term, explanation]) =>
      width > termWidthMax ? `  ${term}\n      ${explanation}` : `  ${term.padEnd(width)}  ${explanation}`,
    )
    .join('\n');
};

/** A problem below its sentence, with its place unless it concerns the whole request. */
export const problemLine = ({ pointer, message }: { readonly pointer: string; readonly message: string }): string =>
  pointer === '' ? `  ${message}` : `  ${pointer}: ${message}`;

const printPart = (part: Part): string => {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'fields':
      return printFields(part.fields);
    case 'table':
      return printTable(part.rows);
    case 'definitions':
      return printDefinitions(part.entries);
    case 'problems':
      return part.problems.map(problemLine).join('\n');
    case 'json':
      return JSON.stringify(part.value, null, 2);
  }
};

/** Prints a view, without a line break at its end. */
export const render = (view: View): string =>
  view
    .filter((entry) => entry !== null)
    .map((entry) => {
      if (typeof entry === 'string') return entry;
      return 'title' in entry ? `${entry.title}\n${printPart(entry.part)}` : printPart(entry);
    })
    .join('\n\n');

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

interface OutputFormat {
  /** What the help says about the option. */
  readonly help: string;
  /** Null prints nothing. */
  readonly print: (printed: Printed) => string | null;
  /** What an error prints, on standard error. */
  readonly printFailure: (failure: PrintedFailure) => string;
}

/** The formats beside plain text, each under the name of its option. To add one, add it here. */
export const outputFormats: Readonly<Record<string, OutputFormat>> = {
  json: {
    help: 'Print the JSON of the API.',
    print: ({ json }) => (json === undefined ? null : JSON.stringify(json, null, 2)),
    printFailure: ({ json }) => JSON.stringify(json, null, 2),
  },
};

type IsGiven = (option: string) => boolean;

const chosenFormat = (isGiven: IsGiven): OutputFormat | undefined =>
  Object.entries(outputFormats).find(([option]) => isGiven(option))?.[1];

/** Prints in the format whose option was given, otherwise as plain text. */
export const printOutcome = (printed: Printed, isGiven: IsGiven): string | null => {
  const format = chosenFormat(isGiven);
  return format === undefined ? render(printed.view) : format.print(printed);
};

export const printFailure = (failure: PrintedFailure, isGiven: IsGiven): string =>
  chosenFormat(isGiven)?.printFailure(failure) ?? failure.text;
