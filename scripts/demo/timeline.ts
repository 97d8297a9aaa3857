/** Where the timeline goes. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Label =
  | 'sandbox'
  | 'gateway'
  | 'connect'
  | 'request'
  | 'answer'
  | 'telegram'
  | 'inbox'
  | 'customer'
  | 'agent';

export interface Timeline {
  heading(text: string): void;
  /** One step: who, what it looks like, and how long it took where that means something. */
  row(label: Label, lines: readonly string[], tookMs?: number): void;
  /** A row to copy: its lines are as long as they are. */
  command(label: Label, lines: readonly string[]): void;
  /** A row whose lines stand beside a name. */
  said(label: Label, name: string, lines: readonly string[], tookMs?: number): void;
  gap(): void;
  /** Printed also when quiet. */
  print(text: string): void;
}

const colours: Readonly<Record<Label, number>> = {
  sandbox: 90,
  gateway: 90,
  connect: 90,
  request: 33,
  answer: 33,
  telegram: 36,
  inbox: 35,
  customer: 32,
  agent: 35,
};
const labelWidth = 10;
const timeWidth = 9;
const nameWidth = 15;
const narrowestLine = 40;
const columnsElsewhere = 132;

/** A readable account of what happens: time, who, what. Coloured on a terminal only. */
export function createTimeline(
  screen: Screen,
  options: { readonly quiet: boolean; readonly colour: boolean },
): Timeline {
  const paint = (code: number, text: string) =>
    options.colour && text.trim() !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const write = (text: string) => {
    if (!options.quiet) screen.write(`${text}\n`);
  };
  const columns = screen.columns !== undefined && screen.columns > 0 ? screen.columns : columnsElsewhere;
  const lineWidth = Math.max(narrowestLine, columns - timeWidth - labelWidth - 3);

  const rows = (label: Label, lines: readonly string[], tookMs: number | undefined) => {
    for (const [index, line] of lines.entries()) {
      const time = index === 0 && tookMs !== undefined ? formatMs(tookMs) : '';
      const name = index === 0 ? label : '';
      const start = `${paint(90, time.padStart(timeWidth))}  ${paint(colours[label], name.padEnd(labelWidth))}`;
      write(`${start}${line}`.trimEnd());
    }
  };

  return {
    row: (label, lines, tookMs) =>
      rows(
        label,
        lines.flatMap((line) => wrap(line, lineWidth)),
        tookMs,
      ),
    command: (label, lines) => rows(label, lines, undefined),
    said: (label, name, lines, tookMs) =>
      rows(
        label,
        lines
          .flatMap((line) => wrap(line, lineWidth - nameWidth))
          .map((line, index) => `${(index === 0 ? name : '').padEnd(nameWidth)}${line}`),
        tookMs,
      ),
    heading(text) {
      write('');
      write(paint(1, text));
      write('');
    },
    gap: () => write(''),
    print: (text) => screen.write(`${text}\n`),
  };
}

export const formatMs = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Breaks a long line, at a space or behind a comma where there is one; what follows is indented. */
function wrap(line: string, width: number): readonly string[] {
  const characters = [...line];
  if (characters.length <= width) return [line];
  const gap = Math.max(characters.lastIndexOf(' ', width), characters.lastIndexOf(',', width - 1) + 1);
  const at = gap > width / 2 ? gap : width;
  const rest = characters.slice(at).join('').trimStart();
  return [characters.slice(0, at).join(''), ...wrap(`  ${rest}`, width)];
}
