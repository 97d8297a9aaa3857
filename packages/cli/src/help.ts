import type { Command } from './command.ts';
import { flag, type Options } from './option.ts';
import { commonOptions } from './read-command-line.ts';
import { UsageError } from './usage-error.ts';
import { definitions, type Part, titled, type View } from './view.ts';

const describeOptions = (options: Options): Part =>
  definitions(
    Object.entries(options).map(([name, option]) => [
      option.kind === 'secret' ? `--${name} VALUE` : `--${name} ${option.placeholder}`.trimEnd(),
      `${option.description}${'isRequired' in option && option.isRequired ? ' Required.' : ''}`,
    ]),
  );

const secretsNote =
  'A secret can also be given as --NAME-file PATH, or as - to read it from standard input. If it is not given, you are asked for it.';

const exitCodes = definitions([
  ['0', 'done'],
  ['1', 'refused by the gateway, or a check found a problem'],
  ['2', 'the command line is wrong'],
  ['3', 'the gateway was not reached'],
]);

const withArgument = (name: string, argument: string | undefined): string =>
  argument === undefined ? name : `${name} ${argument.toUpperCase()}`;

const listCommands = (commands: readonly Command[]): Part =>
  definitions(commands.map(({ name, summary, argument }) => [withArgument(name, argument), summary]));

const helpOfAll = (commands: readonly Command[]): View => [
  'The chatferry command administers a Chatferry gateway and sends messages through it.',
  'Usage: chatferry COMMAND [options]',
  listCommands(commands),
  titled('Options of every command:', describeOptions({ ...commonOptions, version: flag('Show the version.') })),
  secretsNote,
  titled('Exit codes:', exitCodes),
  'Help for one command: chatferry COMMAND --help',
];

const helpOfNoun = (noun: string, commands: readonly Command[]): View => [
  `Usage: chatferry ${noun} VERB [options]`,
  listCommands(commands),
  `Help for one command: chatferry ${commands[0]?.name} --help`,
];

const helpOfCommand = ({ name, summary, description, argument, options, examples }: Command): View => [
  summary,
  description ?? null,
  `Usage: chatferry ${withArgument(name, argument)} [options]`,
  Object.keys(options).length === 0 ? null : titled('Options:', describeOptions(options)),
  titled('Options of every command:', describeOptions(commonOptions)),
  secretsNote,
  titled('Examples:', examples.map((example) => `  chatferry ${example}`).join('\n')),
];

/** The help for no word, a noun, or a command. */
export const helpView = (words: readonly string[], commands: readonly Command[]): View => {
  const [noun] = words;
  if (noun === undefined) return helpOfAll(commands);
  const exact = commands.find(({ name }) => name === words.join(' '));
  if (exact !== undefined) return helpOfCommand(exact);
  const ofNoun = commands.filter(({ name }) => name.split(' ')[0] === noun);
  if (ofNoun.length === 0) throw new UsageError(`There is no command “${words.join(' ')}”.`, 'chatferry --help');
  return helpOfNoun(noun, ofNoun);
};
