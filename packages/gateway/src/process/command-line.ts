import { channelAdapter, connectableKinds, inboxKinds } from '../adapters/registry.ts';

const inboxNames = Object.values(connectableKinds(inboxKinds)).map(({ displayName }) => displayName);

const usage = `Chatferry, the gateway between ${channelAdapter.facts.displayName} and the inbox of a support team: ${inboxNames.join(' or ')}.

  npx chatferry start               starts the gateway (npm start in a clone)
  npx chatferry backup FILE         writes the whole database to a new file, even while the gateway runs
  npx chatferry restore FILE        restores such a file into an empty database or a new data folder
  npx chatferry migrate             brings the schema up to date with the role of CHATFERRY_MIGRATION_DATABASE_URL
  npx chatferry rotate-master-key   makes a new master key, which is used after a restart

The settings are environment variables, and all of them are optional. docs/configuration.md lists them, and .env.example
has each with its default. docs/operations.md says what to back up, and what a restore does. Bots, inboxes and keys are
administered with the CLI: npx chatferry --help
`;

/** The command that the command line names. */
export type Command =
  | { readonly kind: 'start' }
  | { readonly kind: 'backup' | 'restore'; readonly file: string }
  | { readonly kind: 'rotate-master-key' | 'migrate' }
  | { readonly kind: 'answer'; readonly text: string; readonly exitCode: 0 | 1 };

export function readCommandLine(given: readonly string[]): Command {
  const [first, file, ...rest] = given;
  if (first === undefined) return { kind: 'start' };
  if (first === 'backup' || first === 'restore') {
    if (file !== undefined && file !== '' && !file.startsWith('-') && rest.length === 0) return { kind: first, file };
    return refuse(`Name one file: npx chatferry ${first} FILE. Nothing was done.`);
  }
  if ((first === 'rotate-master-key' || first === 'migrate') && file === undefined) return { kind: first };
  const unknown = given.find((argument) => !['--help', '-h', 'help'].includes(argument));
  return unknown === undefined
    ? { kind: 'answer', text: usage, exitCode: 0 }
    : refuse(`The gateway has no argument “${unknown}”. Nothing was started.`);
}

const refuse = (why: string): Command => ({ kind: 'answer', text: `${why}\n\n${usage}`, exitCode: 1 });
