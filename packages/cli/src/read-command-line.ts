import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { connectionOptions } from './credentials.ts';
import { flag, type Option, type Options } from './option.ts';
import { outputFormats } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Options of every command. */
export const commonOptions: Options = {
  ...Object.fromEntries(Object.entries(outputFormats).map(([name, { help }]) => [name, flag(help)])),
  ...connectionOptions,
  help: flag('Show this help.'),
};

export type CommandLine =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly argument: string; readonly given: GivenOptions };

/** The typed value of each given option. Secrets can also be given as `name-file`. */
export type GivenOptions = ReadonlyMap<string, string>;

const findOption = (options: Options, name: string): Option | undefined => {
  if (Object.hasOwn(options, name)) return options[name];
  const base = name.endsWith('-file') ? name.slice(0, -'-file'.length) : '';
  const secret = Object.hasOwn(options, base) ? options[base] : undefined;
  return secret?.kind === 'secret' ? secret : undefined;
};

const helpCommand = (words: readonly string[]): string => ['chatferry', ...words, '--help'].join(' ');

/** Separates words from options. This needs to know which options take a value, so an option name means the same in all commands. */
const scanArguments = (args: readonly string[], commands: readonly Command[]) => {
  const all: Options = Object.assign({}, commonOptions, ...commands.map(({ options }) => options));
  const secrets = Object.entries(all).filter(([, { kind }]) => kind === 'secret');
  const known = new Map<string, 'boolean' | 'string'>([
    ...Object.entries(all).map(([name, { kind }]) => [name, kind === 'flag' ? 'boolean' : 'string'] as const),
    ...secrets.map(([name]) => [`${name}-file`, 'string'] as const),
    ['version', 'boolean'],
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries([...known].map(([name, type]) => [name, { type }])),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const isFlag = known.get(name) === 'boolean';
    if (!known.has(name)) throw new UsageError(`There is no option ${rawName}.`, helpCommand(words.slice(0, 2)));
    if (isFlag && value !== undefined) throw new UsageError(`${rawName} does not take a value.`, rawName);
    if (!isFlag && (value === undefined || (inlineValue === false && value.startsWith('--'))))
      throw new UsageError(`${rawName} needs a value.`, helpCommand(words.slice(0, 2)));
    if (given.has(name)) throw new UsageError(`${rawName} is given twice.`);
    given.set(name, value ?? 'true');
  }
  return { words, given };
};

const unknownCommand = (words: readonly string[], commands: readonly Command[]): UsageError => {
  const typed = words.join(' ');
  const siblings = commands.filter(({ name }) => name.split(' ')[0] === words[0]).map(({ name }) => name);
  if (siblings.length === 0) return new UsageError(`There is no command “${typed}”.`, 'chatferry --help');
  const complaint = words.length === 1 ? `${typed} needs a verb` : `“${typed}” is not a command`;
  return new UsageError(`${complaint}; there are: ${siblings.join(', ')}.`, helpCommand(words.slice(0, 1)));
};

const checkValue = (name: string, option: Option, value: string): void => {
  if (option.kind === 'number' && !/^\d{1,15}$/.test(value))
    throw new UsageError(`--${name} must be a whole number; it is “${value}”.`, `--${name} 10`);
  if (option.kind === 'choice' && !option.choices.includes(value))
    throw new UsageError(
      `--${name} must be one of ${option.choices.join(', ')}; it is “${value}”.`,
      `--${name} ${option.choices[0]}`,
    );
  if (option.kind !== 'secret' && value.trim() === '') throw new UsageError(`--${name} is empty.`);
};

const readArgument = (command: Command, rest: readonly string[]): string => {
  const [argument = '', ...surplus] = command.argument === undefined ? ['', ...rest] : rest;
  const [first] = surplus;
  if (first !== undefined)
    throw new UsageError(`${command.name} does not take the word “${first}”.`, helpCommand([command.name]));
  if (argument === '' && command.argument !== undefined)
    throw new UsageError(`${command.name} needs ${command.argument}.`, `chatferry ${command.examples[0]}`);
  return argument;
};

/** Reads the arguments of the process. Throws `UsageError` for a wrong command line. */
export const readCommandLine = (args: readonly string[], commands: readonly Command[]): CommandLine => {
  const { words, given } = scanArguments(args, commands);
  if (given.has('version')) return { kind: 'version' };
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  if (given.has('help') || words[0] === 'help' || words.length === 0)
    return { kind: 'help', words: (command?.name.split(' ') ?? words).filter((word) => word !== 'help') };
  if (command === undefined) throw unknownCommand(words, commands);
  const options: Options = { ...command.options, ...commonOptions };
  for (const [name, value] of given) {
    const option = findOption(options, name);
    if (option === undefined)
      throw new UsageError(`${command.name} has no option --${name}.`, helpCommand([command.name]));
    if (option.kind === 'secret' && given.has(name) && given.has(`${name}-file`))
      throw new UsageError(`Give either --${name} or --${name}-file.`);
    checkValue(name, option, value);
  }
  for (const [name, option] of Object.entries(command.options)) {
    if ('isRequired' in option && option.isRequired && !given.has(name))
      throw new UsageError(`--${name} is missing.`, `chatferry ${command.examples[0]}`);
  }
  if ([...given].filter(([name, value]) => value === '-' && findOption(options, name)?.kind === 'secret').length > 1)
    throw new UsageError('Only one secret can be read from standard input.', '--access-token-file ./access-token');
  return { kind: 'run', command, argument: readArgument(command, words.slice(command.name.split(' ').length)), given };
};
