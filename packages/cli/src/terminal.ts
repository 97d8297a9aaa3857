import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { DeclinedError } from './usage-error.ts';

/** One of the answers to a question. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Everything that a command uses besides the gateway: the terminal and the files of this machine. */
export interface Terminal {
  /** A person can answer questions. */
  readonly isInteractive: boolean;
  /** Standard input is a keyboard, so there is no text to read from it. */
  readonly isKeyboard: boolean;
  /** Standard output is a terminal. */
  readonly hasScreen: boolean;
  /** Standard output and standard error are terminals that show colours, and the person wants them. */
  readonly hasColours: boolean;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error. */
  warn(text: string): void;
  /** Asks one question on standard error. Throws `DeclinedError` if the person closes the input. */
  ask(question: string, options: { readonly isHidden: boolean; readonly proposal?: string }): Promise<string>;
  /** Lets the person choose one answer. The first is proposed. */
  choose<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T>;
  /** A signal that Ctrl-C aborts, or the end that a supervisor asks for, in place of ending the process. */
  untilInterrupted(): AbortSignal;
  /** Reads standard input to its end. */
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
  /** The text of a file, and whether only its owner can read it. Undefined if there is no such file. */
  readPrivateFile(path: string): Promise<{ readonly text: string; readonly isPrivate: boolean } | undefined>;
  /** Replaces a file in one step. Only its owner can read it; folders that are missing are made. */
  writePrivateFile(path: string, text: string): Promise<void>;
}

interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Loaded only when there is a question: most commands ask nothing. */
const loadPrompts = () => import('@clack/prompts');

const answered = (answer: string | symbol | undefined): string => {
  if (typeof answer === 'symbol') throw new DeclinedError('Nothing was done.');
  return typeof answer === 'string' ? answer : '';
};

const askQuestion = async (
  { stdin, stderr }: Streams,
  message: string,
  { isHidden, proposal }: { readonly isHidden: boolean; readonly proposal?: string },
): Promise<string> => {
  const { password, text: textPrompt } = await loadPrompts();
  const common = { message, input: stdin, output: stderr };
  if (isHidden) return answered(await password(common));
  const shown = proposal === undefined ? {} : { placeholder: proposal, defaultValue: proposal };
  return answered(await textPrompt({ ...common, ...shown }));
};

const chooseAnswer = async <T extends string>(
  { stdin, stderr }: Streams,
  message: string,
  choices: readonly Choice<T>[],
): Promise<T> => {
  const { select } = await loadPrompts();
  const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) }));
  return answered(
    await select<string>({ message, input: stdin, output: stderr, options, showInstructions: false }),
  ) as T;
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const readPrivateFile: Terminal['readPrivateFile'] = async (path) => {
  try {
    const { mode } = await stat(path);
    // Windows keeps the home folder of a person to that person, and has no such bits.
    const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0;
    return { text: await readFile(path, 'utf8'), isPrivate };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const writePrivateFile = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
};

const untilInterrupted = (): AbortSignal => {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
  return interruption.signal;
};

/** The terminal of this process. `hasColours` says whether the person wants colours where a terminal can show them. */
export const openTerminal = (streams: Streams, { wantsColours }: { readonly wantsColours: boolean }): Terminal => {
  const { stdin, stdout, stderr } = streams;
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    isKeyboard: stdin.isTTY === true,
    hasScreen: stdout.isTTY === true,
    hasColours: wantsColours && stdout.isTTY === true && stderr.isTTY === true,
    print: (line) => void stdout.write(line),
    warn: (line) => void stderr.write(line),
    ask: (question, options) => askQuestion(streams, question, options),
    choose: (question, choices) => chooseAnswer(streams, question, choices),
    untilInterrupted,
    readStdin: () => text(stdin),
    readFile: (path) => readFile(path, 'utf8'),
    readPrivateFile,
    writePrivateFile,
  };
};
