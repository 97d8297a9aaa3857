import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DeclinedError } from './usage-error.ts';

/** What a command can do in the world besides calling the gateway. */
export interface Terminal {
  /** A person can answer questions. */
  readonly isInteractive: boolean;
  /** Standard input is a keyboard, so that there is nothing to read from it. */
  readonly isKeyboard: boolean;
  /** To standard output. */
  print(text: string): void;
  /** To standard error. */
  warn(text: string): void;
  ask(question: string, options: { readonly isHidden: boolean }): Promise<string>;
  /** Standard input to its end. */
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
}

interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export const openTerminal = ({ stdin, stdout, stderr }: Streams): Terminal => ({
  isInteractive: stdin.isTTY === true && stderr.isTTY === true,
  isKeyboard: stdin.isTTY === true,
  print: (line) => void stdout.write(line),
  warn: (line) => void stderr.write(line),
  ask: (question, { isHidden }) =>
    new Promise((resolve, reject) => {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
      stderr.write(question);
      const lines = createInterface({ input: stdin, output: isHidden ? silent : stderr, terminal: true });
      lines.once('SIGINT', () => lines.close());
      lines.once('close', () => {
        if (isHidden) stderr.write('\n');
        reject(new DeclinedError('Nothing was done.'));
      });
      lines.once('line', (line) => {
        resolve(line);
        lines.close();
      });
    }),
  readStdin: () => text(stdin),
  readFile: (path) => readFile(path, 'utf8'),
});
