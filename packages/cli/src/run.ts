import { Chatferry, contractVersion } from '@chatferry/sdk';
import type { Call, Command } from './command.ts';
import { adminTokenOf, type Environment, keyOf, urlOf } from './credentials.ts';
import { describeFailure } from './failure.ts';
import { helpText } from './help.ts';
import type { Option, Options, SecretInput } from './option.ts';
import { everyOption, type Given, readCommandLine } from './read-command-line.ts';
import { type SecretSource, secretInput, secretSource } from './secret-input.ts';
import type { Terminal } from './terminal.ts';
import { DeclinedError, UsageError } from './usage-error.ts';

type Value = string | number | boolean | SecretInput | undefined;

const readValue = (name: string, option: Option, given: Given, source: SecretSource): Value => {
  if (option.kind === 'secret') return secretInput(name, source, { question: name.replaceAll('-', ' ') });
  const typed = given.get(name);
  if (option.kind === 'flag') return typed !== undefined;
  return option.kind === 'number' && typed !== undefined ? Number(typed) : typed;
};

interface World {
  readonly commands: readonly Command[];
  readonly env: Environment;
  readonly terminal: Terminal;
}

/** Everything that a command is given, made from what was typed. */
const makeCall = (command: Command, subject: string, given: Given, { env, terminal }: World): Call<Options> => {
  const source = secretSource(given, terminal);
  const url = urlOf(given.get('url'), env);
  const values = Object.entries({ ...command.options, ...everyOption }).map(
    ([name, option]) => [name, readValue(name, option, given, source)] as const,
  );
  return {
    values: Object.fromEntries(values) as Call<Options>['values'],
    subject,
    url,
    tell: (text) => terminal.warn(`${text}\n`),
    async connect() {
      const credentials = {
        admin: async () => ({ adminToken: await adminTokenOf({ source, env, dataDir: given.get('data-dir') }) }),
        key: async () => ({ key: await keyOf({ source, env }) }),
        none: async () => ({ retriesMax: 0 }),
      };
      return new Chatferry({ baseUrl: url, userAgent: 'chatferry-cli', ...(await credentials[command.auth]()) });
    },
    async confirm(question, isAgreed) {
      if (isAgreed) return;
      if (!terminal.isInteractive)
        throw new UsageError(`${command.name} asks before it does this; add --yes where nobody can answer.`);
      const answer = await terminal.ask(`${question} Type yes to go on: `, { isHidden: false });
      if (answer.trim().toLowerCase() !== 'yes') throw new DeclinedError('Nothing was done.');
    },
    async readText(path) {
      if (path !== undefined && path !== '-') return source.readFile(path, '--file');
      if (terminal.isKeyboard)
        throw new UsageError('There is no message. Give --file, or write it to standard input.', '--file message.json');
      return terminal.readStdin();
    },
  };
};

const execute = async (args: readonly string[], world: World): Promise<number> => {
  const { commands, terminal } = world;
  const line = readCommandLine(args, commands);
  if (line.kind === 'version') terminal.print(`${contractVersion}\n`);
  if (line.kind === 'help') terminal.print(`${helpText(line.words, commands)}\n`);
  if (line.kind !== 'run') return 0;
  const said = await line.command.run(makeCall(line.command, line.subject, line.given, world));
  if (!line.given.has('json')) terminal.print(`${said.text}\n`);
  else if (said.json !== undefined) terminal.print(`${JSON.stringify(said.json, null, 2)}\n`);
  return said.exitCode ?? 0;
};

/** Carries out one command line; the exit code. Throws only for a fault of our own. */
export const run = async (args: readonly string[], world: World): Promise<number> => {
  try {
    return await execute(args, world);
  } catch (error) {
    const failure = describeFailure(error, addressIn(args, world.env));
    if (failure === undefined) throw error;
    const isJson = args.includes('--json');
    world.terminal.warn(`${isJson ? JSON.stringify(failure.json, null, 2) : failure.text}\n`);
    return failure.exitCode;
  }
};

/** For the words of a failure, where what was typed may be what is wrong. */
const addressIn = (args: readonly string[], env: Environment): string => {
  const position = args.indexOf('--url');
  const inline = args.find((arg) => arg.startsWith('--url='))?.slice('--url='.length);
  return inline ?? (position < 0 ? undefined : args[position + 1]) ?? env['CHATFERRY_URL'] ?? 'http://127.0.0.1:8080';
};
