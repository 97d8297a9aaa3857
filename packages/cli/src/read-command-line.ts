import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { connectionOptions } from './credentials.ts';
import { flag, type Option, type Options } from './option.ts';
import { UsageError } from './usage-error.ts';

/** Options of every command. */
export const everyOption: Options = {
  json: flag('Print the API’s JSON.'),
  ...connectionOptions,
  help: flag('Show this help.'),
};

export type CommandLine =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly subject: string; readonly given: Given };

/** What was typed for each option: text for those with a value, secrets also under `name-file`. */
export type Given = ReadonlyMap<string, string>;

const optionAt = (options: Options, name: string): Option | undefined => {
  if (Object.hasOwn(options, name)) return options[name];
  const base = name.endsWith('-file') ? name.slice(0, -'-file'.length) : '';
  const secret = Object.hasOwn(options, base) ? options[base] : undefined;
  return secret?.kind === 'secret' ? secret : undefined;
};

const helpOf = (words: readonly string[]): string => ['chatferry', ...words, '--help'].join(' ');

/** Splits words from options. Which options take a value must be known first: those of all commands, of which none means two things. */
const scan = (args: readonly string[], commands: readonly Command[]) => {
  const all: Options = Object.assign({}, everyOption, ...commands.map(({ options }) => options));
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
    if (!known.has(name)) throw new UsageError(`There is no option ${rawName}.`, helpOf(words.slice(0, 2)));
    if (isFlag && value !== undefined) throw new UsageError(`${rawName} takes no value.`, rawName);
    if (!isFlag && (value === undefined || (inlineValue === false && value.startsWith('--'))))
      throw new UsageError(`${rawName} needs a value.`, helpOf(words.slice(0, 2)));
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
  return new UsageError(`${complaint}; there are: ${siblings.join(', ')}.`, helpOf(words.slice(0, 1)));
};

const check = (name: string, option: Option, value: string): void => {
  if (option.kind === 'number' && !/^\d{1,15}$/.test(value))
    throw new UsageError(`--${name} must be a whole number; it is “${value}”.`, `--${name} 10`);
  if (option.kind === 'choice' && !option.choices.includes(value))
    throw new UsageError(
      `--${name} must be one of ${option.choices.join(', ')}; it is “${value}”.`,
      `--${name} ${option.choices[0]}`,
    );
  if (option.kind !== 'secret' && value.trim() === '') throw new UsageError(`--${name} is empty.`);
};

/** The one argument of a command. */
const subjectOf = (command: Command, rest: readonly string[]): string => {
  const [subject = '', ...surplus] = command.argument === undefined ? ['', ...rest] : rest;
  const [first] = surplus;
  if (first !== undefined)
    throw new UsageError(`${command.name} does not know what to do with “${first}”.`, helpOf([command.name]));
  if (subject === '' && command.argument !== undefined)
    throw new UsageError(`${command.name} needs ${command.argument}.`, `chatferry ${command.examples[0]}`);
  return subject;
};

/** What the words mean; throws `UsageError` for what has no meaning. */
export const readCommandLine = (args: readonly string[], commands: readonly Command[]): CommandLine => {
  const { words, given } = scan(args, commands);
  if (given.has('version')) return { kind: 'version' };
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  if (given.has('help') || words[0] === 'help' || words.length === 0)
    return { kind: 'help', words: (command?.name.split(' ') ?? words).filter((word) => word !== 'help') };
  if (command === undefined) throw unknownCommand(words, commands);
  const options: Options = { ...command.options, ...everyOption };
  for (const [name, value] of given) {
    const option = optionAt(options, name);
    if (option === undefined) throw new UsageError(`${command.name} has no option --${name}.`, helpOf([command.name]));
    if (option.kind === 'secret' && given.has(name) && given.has(`${name}-file`))
      throw new UsageError(`--${name} and --${name}-file are both given; give one.`);
    check(name, option, value);
  }
  for (const [name, option] of Object.entries(command.options)) {
    if ('isRequired' in option && option.isRequired && !given.has(name))
      throw new UsageError(`--${name} is missing.`, `chatferry ${command.examples[0]}`);
  }
  if ([...given].filter(([name, value]) => value === '-' && optionAt(options, name)?.kind === 'secret').length > 1)
    throw new UsageError('Only one secret can be read from standard input.', '--access-token-file ./access-token');
  return { kind: 'run', command, subject: subjectOf(command, words.slice(command.name.split(' ').length)), given };
};
