import type { Transcript } from '@chatferry/sandbox';

/** Where the timeline is written. */
export interface Screen {
  write(text: string): unknown;
  readonly columns?: number;
}

const colours = {
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

export type Label = keyof typeof colours;

export interface RowOptions {
  /** Shown before the row. */
  readonly tookMs?: number;
  /** Shown beside the first line. */
  readonly name?: string;
  /** The lines are to be copied: they are never broken. */
  readonly isCommand?: boolean;
}

/** A readable account of what happens: how long, who, what. */
export interface Timeline {
  heading(text: string): void;
  row(label: Label, lines: readonly string[], options?: RowOptions): void;
  gap(): void;
  /** Printed also with `--quiet`. */
  print(text: string): void;
}

const labelWidth = 10;
const timeWidth = 9;
const nameWidth = 15;
const lineWidthMin = 40;
const columnsWithoutTerminal = 132;

export function createTimeline(
  screen: Screen,
  { isQuiet, isColoured }: { readonly isQuiet: boolean; readonly isColoured: boolean },
): Timeline {
  const paint = (code: number, text: string) =>
    isColoured && text.trim() !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const write = (text: string) => {
    if (!isQuiet) screen.write(`${text}\n`);
  };
  const lineWidth = Math.max(lineWidthMin, (screen.columns || columnsWithoutTerminal) - timeWidth - labelWidth - 3);

  return {
    row(label, lines, { tookMs, name, isCommand = false } = {}) {
      const indent = name === undefined ? 0 : nameWidth;
      const broken = isCommand ? lines : lines.flatMap((line) => breakLine(line, lineWidth - indent));
      for (const [index, line] of broken.entries()) {
        const isFirst = index === 0;
        const time = isFirst && tookMs !== undefined ? formatMs(tookMs) : '';
        const start = `${paint(90, time.padStart(timeWidth))}  ${paint(colours[label], (isFirst ? label : '').padEnd(labelWidth))}`;
        write(`${start}${(isFirst ? (name ?? '') : '').padEnd(indent)}${line}`.trimEnd());
      }
    },
    heading: (text) => write(`\n${paint(1, text)}\n`),
    gap: () => write(''),
    print: (text) => screen.write(`${text}\n`),
  };
}

export const formatMs = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Breaks a long line at a space or after a comma where there is one, and indents what follows. */
function breakLine(line: string, width: number): readonly string[] {
  const characters = [...line];
  if (characters.length <= width) return [line];
  const gap = Math.max(characters.lastIndexOf(' ', width), characters.lastIndexOf(',', width - 1) + 1);
  const at = gap > width / 2 ? gap : width;
  const rest = characters.slice(at).join('').trimStart();
  return [characters.slice(0, at).join(''), ...breakLine(`  ${rest}`, width)];
}

type Message = Transcript['messages'][number];

/** A message as the customer's app shows it. */
export const drawMessage = ({ text, reply_markup: markup }: Message): readonly string[] => [
  ...(text ?? '').split('\n'),
  ...(markup ? drawMarkup(markup) : []),
];

function drawMarkup(markup: NonNullable<Message['reply_markup']>): readonly string[] {
  if ('inline_keyboard' in markup)
    return markup.inline_keyboard.map((row) =>
      row.map((button) => `[ ${button.text}${'url' in button && button.url !== undefined ? ' ↗' : ''} ]`).join(' '),
    );
  if ('keyboard' in markup) return markup.keyboard.map((row) => row.map(({ text }) => `( ${text} )`).join(' '));
  if ('force_reply' in markup) return [`> replying; the empty field says “${markup.input_field_placeholder ?? ''}”`];
  return ['> the keyboard is gone'];
}

/** The command for a send, which a shell takes unchanged. */
export const drawCurl = (baseUrl: string, key: string, body: object): readonly string[] => [
  `curl -sS ${baseUrl}/api/v1/telegram/interactive \\`,
  `  -H ${quote(`X-Octopods-Auth: ${key}`)} -H 'Content-Type: application/json' \\`,
  `  -d ${quote(JSON.stringify(body))}`,
];

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
