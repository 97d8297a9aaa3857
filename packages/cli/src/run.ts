import { contractVersion, type OperationId, operations } from '@chatferry/sdk';
import { createAsTyped, viewAsTyped } from './as-typed.ts';
import { type Credentials, createClient } from './client.ts';
import type { Call, Command } from './command.ts';
import {
  type CredentialSources,
  connectionOptions,
  dataFile,
  defaultUrl,
  readAdminToken,
  readKey,
  readUrl,
} from './credentials.ts';
import type { Environment } from './environment.ts';
import { describeFailure } from './failure.ts';
import { harmlessTerminal } from './harmless.ts';
import { helpView } from './help.ts';
import type { Option, Options, SecretInput } from './option.ts';
import { chosenFormat, type OutputName, printFailure, printOutcome, render } from './output.ts';
import { colourPaint, noPaint, type Paint } from './paint.ts';
import { type ChosenProfile, chooseProfile } from './profiles.ts';
import { type CommandLine, type GivenOptions, readCommandLine } from './read-command-line.ts';
import { createSecretSource, type SecretSource, secretInput } from './secret-input.ts';
import type { Terminal } from './terminal.ts';
import { DeclinedError, UsageError } from './usage-error.ts';

interface RunDeps {
  readonly commands: readonly Command[];
  readonly env: Environment;
  readonly terminal: Terminal;
  /** The current time, in milliseconds since 1970. */
  readonly nowMs: () => number;
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

const readValues = (options: Options, given: GivenOptions, source: SecretSource) =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, readValue(name, option, given, source)]));

const readCredentials = async (
  operation: OperationId,
  given: GivenOptions,
  sources: CredentialSources,
): Promise<Credentials> => {
  switch (operations[operation].auth) {
    case 'any':
      return { adminToken: await readAdminToken({ ...sources, dataDir: given.get('data-dir') }) };
    case 'key':
    case 'reader':
      return { key: await readKey(sources) };
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

/** The profile of the run. A command that only works on this machine has none. */
const findProfile = ({ command, given }: Invocation, deps: RunDeps): Promise<ChosenProfile | undefined> =>
  command.operation === null ? Promise.resolve(undefined) : chooseProfile(given.get('profile'), deps);

const createCall = async (line: Invocation, format: OutputName, deps: RunDeps): Promise<Call<Options>> => {
  const { command, argument, given } = line;
  const { env, terminal, commands } = deps;
  const source = createSecretSource(given, terminal);
  const chosen = await findProfile(line, deps);
  const url = readUrl(given.get('url'), env, chosen);
  const { operation } = command;
  return {
    values: readValues(command.options, given, source) as Call<Options>['values'],
    common: readValues(connectionOptions, given, source) as Call<Options>['common'],
    argument,
    url,
    env,
    terminal,
    commands,
    nowMs: deps.nowMs,
    isJson: format === 'json',
    notify: (text) => terminal.warn(`${createAsTyped(env, commands)(text)}\n`),
    connect: async () =>
      createClient(
        url,
        operation === null ? {} : await readCredentials(operation, given, { source, env, url, chosen }),
      ),
    confirm: async (question, isConfirmed) => (isConfirmed ? undefined : confirm(command, terminal, question)),
    readDataFile: async (name) => {
      const path = dataFile(name, given.get('data-dir'), env);
      return { path, text: await source.readFileIfPresent(path) };
    },
    readText: (path) => readMessage(path, source, terminal),
  };
};

const paintFor = ({ hasColours }: Terminal): Paint => (hasColours ? colourPaint : noPaint);

const execute = async (args: readonly string[], deps: RunDeps): Promise<number> => {
  const { commands, terminal } = deps;
  const paint = paintFor(terminal);
  const asTyped = createAsTyped(deps.env, commands);
  const line = readCommandLine(args, commands);
  if (line.kind === 'version') terminal.print(`${contractVersion}\n`);
  if (line.kind === 'help') terminal.print(`${render(viewAsTyped(helpView(line.words, commands), asTyped), paint)}\n`);
  if (line.kind !== 'run') return 0;
  const format = chosenFormat(line.given.get('output'), line.given.has('json'));
  const outcome = await line.command.run(await createCall(line, format, deps));
  const { out, beside } = printOutcome({ ...outcome, view: viewAsTyped(outcome.view, asTyped) }, format, paint);
  if (out !== null) terminal.print(`${out}\n`);
  if (beside !== null) terminal.warn(`${beside}\n`);
  return outcome.exitCode ?? 0;
};

/** The value of an option for the text of a failure. Not validated: the command line may be what is wrong. */
const findTyped = (args: readonly string[], name: string): string | undefined => {
  const position = args.indexOf(`--${name}`);
  const inline = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(`--${name}=`.length);
  return inline ?? (position < 0 ? undefined : args[position + 1]);
};

/** Executes one command line and returns the exit code. Throws only for a bug of the command itself. */
export const run = async (args: readonly string[], given: RunDeps): Promise<number> => {
  const deps = { ...given, terminal: harmlessTerminal(given.terminal) };
  try {
    return await execute(args, deps);
  } catch (error) {
    const failure = describeFailure(error, findTyped(args, 'url') ?? deps.env['CHATFERRY_URL'] ?? defaultUrl);
    if (failure === undefined) throw error;
    const format = chosenFormat(findTyped(args, 'output'), args.includes('--json'));
    const text = createAsTyped(deps.env, deps.commands)(failure.text);
    deps.terminal.warn(`${printFailure({ ...failure, text }, format, paintFor(deps.terminal))}\n`);
    return failure.exitCode;
  }
};
