import type { Command } from './command.ts';
import { flag, type Options } from './option.ts';
import { paragraphs } from './output.ts';
import { everyOption } from './read-command-line.ts';
import { UsageError } from './usage-error.ts';

const indented = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  const isWide = width > 34;
  return rows
    .map(([left, right]) => (isWide ? `  ${left}\n      ${right}` : `  ${left.padEnd(width)}  ${right}`))
    .join('\n');
};

const printOptions = (options: Options): string =>
  indented(
    Object.entries(options).map(([name, option]) => [
      option.kind === 'secret' ? `--${name} VALUE` : `--${name} ${option.placeholder}`.trimEnd(),
      `${option.description}${'isRequired' in option && option.isRequired ? ' Required.' : ''}`,
    ]),
  );

const secretsNote =
  'A secret may also be given as --NAME-file PATH, or as - to read it from standard input; without either it is asked for.';

const exitCodes = indented([
  ['0', 'done'],
  ['1', 'refused by the gateway, or a check found something'],
  ['2', 'the command line cannot be carried out'],
  ['3', 'the gateway was not reached'],
]);

const list = (commands: readonly Command[]): string =>
  indented(commands.map(({ name, summary, argument }) => [withArgument(name, argument), summary]));

const withArgument = (name: string, argument: string | undefined): string =>
  argument === undefined ? name : `${name} ${argument.toUpperCase()}`;

const helpOfAll = (commands: readonly Command[]): string =>
  paragraphs(
    'The chatferry command administers a Chatferry gateway and sends through it.',
    `Usage: chatferry COMMAND [options]\n\n${list(commands)}`,
    `Options of every command:\n${printOptions({ ...everyOption, version: flag('Show the version.') })}`,
    secretsNote,
    `Exit codes:\n${exitCodes}`,
    'More about one command: chatferry COMMAND --help',
  );

const helpOfNoun = (noun: string, commands: readonly Command[]): string =>
  paragraphs(
    `Usage: chatferry ${noun} VERB [options]`,
    list(commands),
    `More about one: chatferry ${commands[0]?.name} --help`,
  );

const helpOfCommand = ({ name, summary, description, argument, options, examples }: Command): string =>
  paragraphs(
    summary,
    description ?? null,
    `Usage: chatferry ${withArgument(name, argument)} [options]`,
    Object.keys(options).length === 0 ? null : `Options:\n${printOptions(options)}`,
    `Options of every command:\n${printOptions(everyOption)}`,
    secretsNote,
    `Examples:\n${examples.map((example) => `  chatferry ${example}`).join('\n')}`,
  );

/** The help for no word, a noun, or a command, made from the table of commands. */
export const helpText = (words: readonly string[], commands: readonly Command[]): string => {
  const [noun] = words;
  if (noun === undefined) return helpOfAll(commands);
  const exact = commands.find(({ name }) => name === words.join(' '));
  if (exact !== undefined) return helpOfCommand(exact);
  const ofNoun = commands.filter(({ name }) => name.split(' ')[0] === noun);
  if (ofNoun.length === 0) throw new UsageError(`There is no command “${words.join(' ')}”.`, 'chatferry --help');
  return helpOfNoun(noun, ofNoun);
};
