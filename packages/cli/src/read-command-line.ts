/** Reads the command line. Commander splits, dispatches and suggests; what is wrong is said in the words of this command. */
import { CommanderError, Option as CommanderOption, Command as Parser } from 'commander';
import type { Command } from './command.ts';
import { connectionOptions } from './credentials.ts';
import { choice, flag, type Option, type Options } from './option.ts';
import { outputFormatNames, outputHelp } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Options of every command. */
export const commonOptions: Options = {
  output: choice(outputFormatNames, outputHelp),
  json: flag('The same as --output json.'),
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

/** One command line while it is read. */
interface Reading {
  readonly args: readonly string[];
  readonly commands: readonly Command[];
  readonly given: Map<string, string>;
  /** The words of the command that commander has chosen, and the words after it. */
  chosen: { readonly command: Command; readonly rest: readonly string[] } | null;
  /** The command that commander was reading when it found something wrong. */
  current: Parser;
}

const takeOption = (reading: Reading, name: string, isFlag: boolean, value: string | null): void => {
  const { args, given } = reading;
  // Commander takes the next word as the value, even if it is an option.
  if (!isFlag && value?.startsWith('--') === true && !args.includes(`--${name}=${value}`))
    throw new UsageError(`--${name} needs a value.`, helpCommand(wordsOf(reading.current)));
  if (given.has(name)) throw new UsageError(`--${name} is given twice.`);
  given.set(name, value ?? 'true');
};

const addOption = (parser: Parser, reading: Reading, name: string, isFlag: boolean): void => {
  const short = name === 'help' ? '-h, ' : '';
  parser.addOption(new CommanderOption(`${short}--${name}${isFlag ? '' : ' <value>'}`));
  parser.on(`option:${name}`, (value: string | null) => takeOption(reading, name, isFlag, value));
};

const addOptions = (parser: Parser, reading: Reading, options: Options): void => {
  for (const [name, { kind }] of Object.entries(options)) {
    addOption(parser, reading, name, kind === 'flag');
    if (kind === 'secret') addOption(parser, reading, `${name}-file`, false);
  }
};

/** What fails throws, and prints nothing. */
const quietParser = (name: string): Parser =>
  new Parser(name)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .helpOption(false)
    .helpCommand(false);

const addCommand = (root: Parser, reading: Reading, command: Command): void => {
  const words = command.name.split(' ');
  const parent = words.slice(0, -1).reduce((above, word) => {
    const found = above.commands.find((one) => one.name() === word);
    if (found !== undefined) return found;
    const noun = quietParser(word);
    above.addCommand(noun);
    return noun;
  }, root);
  const parser = quietParser(words.at(-1) ?? '').argument('[words...]');
  addOptions(parser, reading, command.options);
  parser.action((rest: string[]) => {
    reading.chosen = { command, rest };
  });
  parent.addCommand(parser);
};

const createParser = (reading: Reading): Parser => {
  const root = reading.current;
  addOptions(root, reading, { ...commonOptions, version: flag('Show the version.') });
  for (const command of reading.commands) addCommand(root, reading, command);
  // Commander descends by itself; this remembers how far it came.
  root.hook('preSubcommand', (_, sub) => {
    reading.current = sub;
  });
  for (const noun of root.commands)
    noun.hook('preSubcommand', (_, sub) => {
      reading.current = sub;
    });
  return root;
};

/** The words that lead to a command of commander, without `chatferry`. */
const wordsOf = (parser: Parser): readonly string[] =>
  parser.parent === null ? [] : [...wordsOf(parser.parent), parser.name()];

/** What commander suggests in place of what was typed: the first of “(Did you mean one of a, b?)”. */
const suggestionOf = (error: CommanderError): string | undefined => {
  const [, suggested] = error.message.split('(Did you mean ');
  return suggested?.replace('one of ', '').split(/[?,]/)[0];
};

const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;

const describeUnknownCommand = (words: readonly string[], error: CommanderError, reading: Reading): UsageError => {
  const names = reading.commands.map(({ name }) => name);
  const above = wordsOf(reading.current);
  const suggested = suggestionOf(error);
  const corrected = [...above, suggested ?? '', ...words.slice(above.length + 1)].join(' ');
  const suggestion = names.includes(corrected) ? corrected : suggested && [...above, suggested].join(' ');
  const siblings = names.filter((name) => above.length > 0 && name.startsWith(`${above.join(' ')} `));
  const typed = words.join(' ');
  if (siblings.length === 0)
    return new UsageError(`There is no command “${typed}”.${didYouMean(suggestion)}`, 'chatferry --help');
  const complaint = words.length === 1 ? `${typed} needs a verb` : `“${typed}” is not a command`;
  return new UsageError(
    `${complaint}; there are: ${siblings.join(', ')}.${didYouMean(suggestion)}`,
    helpCommand(above),
  );
};

const describeUnknownOption = (error: CommanderError, { current, commands }: Reading): UsageError => {
  const typed = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const [name = ''] = typed.split('=');
  const words = wordsOf(current);
  const command = commands.find((one) => one.name === words.join(' '));
  const own = findOption({ ...command?.options, ...commonOptions }, name.replace(/^--/, ''));
  if (own?.kind === 'flag') return new UsageError(`${name} does not take a value.`, name);
  const subject = command === undefined ? 'There is' : `${command.name} has`;
  return new UsageError(`${subject} no option ${name}.${didYouMean(suggestionOf(error))}`, helpCommand(words));
};

const describeProblem = (error: CommanderError, words: readonly string[], reading: Reading): UsageError => {
  switch (error.code) {
    case 'commander.unknownOption':
      return describeUnknownOption(error, reading);
    case 'commander.optionMissingArgument': {
      const name = /'(--[^ ']+)/.exec(error.message)?.[1] ?? 'An option';
      return new UsageError(`${name} needs a value.`, helpCommand(wordsOf(reading.current)));
    }
    default:
      return describeUnknownCommand(words, error, reading);
  }
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

const checkOptions = (command: Command, given: GivenOptions): void => {
  const options: Options = { ...command.options, ...commonOptions };
  for (const [name, value] of given) {
    const option = findOption(options, name);
    if (option === undefined) continue;
    if (option.kind === 'secret' && given.has(`${name}-file`))
      throw new UsageError(`Give either --${name} or --${name}-file.`);
    checkValue(name, option, value);
  }
  for (const [name, option] of Object.entries(command.options)) {
    if ('isRequired' in option && option.isRequired && !given.has(name))
      throw new UsageError(`--${name} is missing.`, `chatferry ${command.examples[0]}`);
  }
  if ([...given].filter(([name, value]) => value === '-' && findOption(options, name)?.kind === 'secret').length > 1)
    throw new UsageError('Only one secret can be read from standard input.', '--access-token-file ./access-token');
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

/** The words before the first option, and after it those that are not an option's value as far as commander knows. */
const typedWords = (root: Parser): readonly string[] => {
  const end = root.args.findIndex((arg) => arg.startsWith('-'));
  return (end < 0 ? root.args : root.args.slice(0, end)).filter((word) => word !== 'help');
};

/** Reads the arguments of the process. Throws `UsageError` for a wrong command line. */
export const readCommandLine = (args: readonly string[], commands: readonly Command[]): CommandLine => {
  const root = quietParser('chatferry');
  const reading: Reading = { args, commands, given: new Map(), chosen: null, current: root };
  createParser(reading);
  const problem = parse(root, args);
  const { given, chosen } = reading;
  if (given.has('version')) return { kind: 'version' };
  const words = typedWords(root);
  if (given.has('help') || args.length === 0 || root.args[0] === 'help')
    return { kind: 'help', words: chosen?.command.name.split(' ') ?? words };
  if (problem !== null) throw describeProblem(problem, words, reading);
  if (chosen === null) return { kind: 'help', words };
  checkOptions(chosen.command, given);
  return { kind: 'run', command: chosen.command, argument: readArgument(chosen.command, chosen.rest), given };
};

const parse = (root: Parser, args: readonly string[]): CommanderError | null => {
  try {
    root.parse(args, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
};
