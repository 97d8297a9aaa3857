import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DeclinedError } from './usage-error.ts';

/** Everything that a command uses besides the gateway: the terminal and the files of this machine. */
export interface Terminal {
  /** A person can answer questions. */
  readonly isInteractive: boolean;
  /** Standard input is a keyboard, so there is no text to read from it. */
  readonly isKeyboard: boolean;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error. */
  warn(text: string): void;
  ask(question: string, options: { readonly isHidden: boolean }): Promise<string>;
  /** Reads standard input to its end. */
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
}

interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const createSilentOutput = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Asks one question. Throws `DeclinedError` if the person closes the input. */
const askQuestion = ({ stdin, stderr }: Streams, question: string, isHidden: boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    stderr.write(question);
    const lines = createInterface({
      input: stdin,
      output: isHidden ? createSilentOutput() : stderr,
      terminal: true,
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      if (isHidden) stderr.write('\n');
      reject(new DeclinedError('Nothing was done.'));
    });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
  });

export const openTerminal = (streams: Streams): Terminal => {
  const { stdin, stdout, stderr } = streams;
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    isKeyboard: stdin.isTTY === true,
    print: (line) => void stdout.write(line),
    warn: (line) => void stderr.write(line),
    ask: (question, { isHidden }) => askQuestion(streams, question, isHidden),
    readStdin: () => text(stdin),
    readFile: (path) => readFile(path, 'utf8'),
  };
};
