import { Chatferry, type ChatferryOptions, contractVersion, operations } from '@chatferry/sdk';
import type { Call, Command } from './command.ts';
import { dataFile, defaultUrl, type Environment, readAdminToken, readKey, readUrl } from './credentials.ts';
import { describeFailure } from './failure.ts';
import { harmlessTerminal } from './harmless.ts';
import { helpView } from './help.ts';
import type { Option, Options, SecretInput } from './option.ts';
import { printFailure, printOutcome, render } from './output.ts';
import { type CommandLine, commonOptions, type GivenOptions, readCommandLine } from './read-command-line.ts';
import { createSecretSource, type SecretSource, secretInput } from './secret-input.ts';
import type { Terminal } from './terminal.ts';
import { DeclinedError, UsageError } from './usage-error.ts';

interface RunDeps {
  readonly commands: readonly Command[];
  readonly env: Environment;
  readonly terminal: Terminal;
}

type Invocation = Extract<CommandLine, { readonly kind: 'run' }>;
type Value = string | number | boolean | readonly string[] | SecretInput | undefined;

const readValue = (name: string, option: Option, given: GivenOptions, source: SecretSource): Value => {
  if (option.kind === 'secret') return secretInput(name, source, { question: name.replaceAll('-', ' ') });
  const typed = given.get(name);
  if (option.kind === 'flag') return typed !== undefined;
  if (typed === undefined) return undefined;
  if (option.kind === 'list') return typed.split(',').filter((word) => word !== '');
  return option.kind === 'number' ? Number(typed) : typed;
};

const readCredentials = async (
  command: Command,
  given: GivenOptions,
  source: SecretSource,
  env: Environment,
): Promise<Pick<ChatferryOptions, 'adminToken' | 'key' | 'retriesMax'>> => {
  switch (operations[command.operation].auth) {
    case 'any':
      return { adminToken: await readAdminToken({ source, env, dataDir: given.get('data-dir') }) };
    case 'key':
    case 'reader':
      return { key: await readKey({ source, env }) };
    case 'none':
      return { retriesMax: 0 };
  }
};

const confirm = async (command: Command, terminal: Terminal, question: string): Promise<void> => {
  if (!terminal.isInteractive)
    throw new UsageError(`${command.name} asks for confirmation. Add --yes to run it without a terminal.`);
  const answer = await terminal.ask(`${question} Type yes to continue: `, { isHidden: false });
  if (answer.trim().toLowerCase() !== 'yes') throw new DeclinedError('Nothing was done.');
};

const readMessage = async (path: string | undefined, source: SecretSource, terminal: Terminal): Promise<string> => {
  if (path !== undefined && path !== '-') return source.readFile(path, '--file');
  if (terminal.isKeyboard)
    throw new UsageError('There is no message. Give --file, or write it to standard input.', '--file message.json');
  return terminal.readStdin();
};

const createCall = ({ command, argument, given }: Invocation, { env, terminal }: RunDeps): Call<Options> => {
  const source = createSecretSource(given, terminal);
  const url = readUrl(given.get('url'), env);
  const values = Object.entries({ ...command.options, ...commonOptions }).map(
    ([name, option]) => [name, readValue(name, option, given, source)] as const,
  );
  return {
    values: Object.fromEntries(values) as Call<Options>['values'],
    argument,
    url,
    notify: (text) => terminal.warn(`${text}\n`),
    connect: async () =>
      new Chatferry({
        baseUrl: url,
        userAgent: 'chatferry-cli',
        ...(await readCredentials(command, given, source, env)),
      }),
    confirm: async (question, isConfirmed) => (isConfirmed ? undefined : confirm(command, terminal, question)),
    readDataFile: async (name) => {
      const path = dataFile(name, given.get('data-dir'), env);
      return { path, text: await source.readFileIfPresent(path) };
    },
    readText: (path) => readMessage(path, source, terminal),
  };
};

const execute = async (args: readonly string[], deps: RunDeps): Promise<number> => {
  const { commands, terminal } = deps;
  const line = readCommandLine(args, commands);
  if (line.kind === 'version') terminal.print(`${contractVersion}\n`);
  if (line.kind === 'help') terminal.print(`${render(helpView(line.words, commands))}\n`);
  if (line.kind !== 'run') return 0;
  const outcome = await line.command.run(createCall(line, deps));
  const printed = printOutcome(outcome, (option) => line.given.has(option));
  if (printed !== null) terminal.print(`${printed}\n`);
  return outcome.exitCode ?? 0;
};

/** The address for the text of a failure. Not validated: the address may be what is wrong. */
const findUrl = (args: readonly string[], env: Environment): string => {
  const position = args.indexOf('--url');
  const inline = args.find((arg) => arg.startsWith('--url='))?.slice('--url='.length);
  return inline ?? (position < 0 ? undefined : args[position + 1]) ?? env['CHATFERRY_URL'] ?? defaultUrl;
};

/** Executes one command line and returns the exit code. Throws only for a bug of the command itself. */
export const run = async (args: readonly string[], given: RunDeps): Promise<number> => {
  const deps = { ...given, terminal: harmlessTerminal(given.terminal) };
  try {
    return await execute(args, deps);
  } catch (error) {
    const failure = describeFailure(error, findUrl(args, deps.env));
    if (failure === undefined) throw error;
    // The command line itself may be what failed, so the arguments are searched as they are.
    deps.terminal.warn(`${printFailure(failure, (option) => args.includes(`--${option}`))}\n`);
    return failure.exitCode;
  }
};
