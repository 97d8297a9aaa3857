/** The command with a terminal in memory, for tests. */
import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { commands } from '../commands.ts';
import { run } from '../run.ts';
import type { Terminal } from '../terminal.ts';

export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The answers of the person, in order. Absent: there is no person. */
  readonly answers?: readonly string[];
  readonly hasColours?: boolean;
  /** Files that only their owner can read, by path. The command changes them. */
  readonly privateFiles?: Map<string, string>;
  /** Other users can read them after all. */
  readonly isOpenToAll?: boolean;
  /** Ends a command that runs on. */
  readonly interruption?: AbortSignal;
  /** Gets what is printed while the command runs. */
  readonly heard?: { out: string; err: string };
}

const missing = () => Object.assign(new Error('no such file'), { code: 'ENOENT' });

/** Runs the command with a terminal in memory. Without a profile, no gateway listens at its address. */
export const chatferry = async (args: readonly string[], setting: Setting = {}) => {
  const { env = {}, files = {}, stdin = '', answers, hasColours = false, privateFiles = new Map() } = setting;
  const seen = Object.assign(setting.heard ?? { out: '', err: '' }, { asked: [] as string[] });
  const replies = [...(answers ?? [])];
  const terminal: Terminal = {
    isInteractive: answers !== undefined,
    isKeyboard: answers !== undefined,
    hasScreen: hasColours,
    hasColours,
    print(text) {
      seen.out += text;
    },
    warn(text) {
      seen.err += text;
    },
    ask(question, { isHidden }) {
      seen.asked.push(`${isHidden ? 'hidden' : 'shown'}: ${question}`);
      return Promise.resolve(replies.shift() ?? '');
    },
    choose(question, choices) {
      seen.asked.push(`choice: ${question}`);
      const answer = replies.shift();
      const chosen = choices.find(({ value }) => value === answer);
      return chosen === undefined
        ? Promise.reject(new Error(`“${answer}” is no choice`))
        : Promise.resolve(chosen.value);
    },
    untilInterrupted: () => setting.interruption ?? AbortSignal.abort(),
    readStdin: () => Promise.resolve(stdin),
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(missing()) : Promise.resolve(text);
    },
    readPrivateFile: (path) => {
      const text = privateFiles.get(path);
      return Promise.resolve(text === undefined ? undefined : { text, isPrivate: setting.isOpenToAll !== true });
    },
    writePrivateFile: (path, text) => Promise.resolve(void privateFiles.set(path, text)),
  };
  const given = privateFiles.size > 0 ? env : { CHATFERRY_URL: 'http://127.0.0.1:9', ...env };
  const exitCode = await run(args, { commands, env: given, terminal, nowMs: Date.now });
  return { ...seen, exitCode };
};

/** A gateway, or what claims to be one. Resolves with its address. */
export const listening = async (answer: (request: IncomingMessage) => unknown, status = 200): Promise<string> => {
  const server = createServer((request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
};

/** The environment for a gateway that gives this answer to everything. */
export const answering = async (status: number, body: unknown) => ({
  CHATFERRY_URL: await listening(() => body, status),
  CHATFERRY_ADMIN_TOKEN: 'token-of-the-tests',
});
