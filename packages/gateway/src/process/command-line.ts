import { channelAdapter, inboxKinds } from '../adapters/registry.ts';

const inboxNames = Object.values(inboxKinds).map(({ displayName }) => displayName);

const usage = `Chatferry, the gateway between ${channelAdapter.facts.displayName} and the inbox of a support team: ${inboxNames.join(' or ')}.

  npm start                   starts it (node packages/gateway/dist/main.js, once it is built)
  npm run backup -- FILE      writes everything in its database to a new file, also while it runs
  npm run restore -- FILE     restores such a file into an empty database or a new data folder
  npm run rotate-master-key   makes a new master key; a restart puts it in force

It is set by environment variables, all of them optional: docs/configuration.md lists them, .env.example has each with its
default; docs/operations.md says what to back up, and what a restore does. Bots, inboxes and keys are administered with the
CLI: npm run chatferry -- --help
`;

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'start' }
  | { readonly kind: 'backup' | 'restore'; readonly file: string }
  | { readonly kind: 'rotate-master-key' }
  | { readonly kind: 'answer'; readonly text: string; readonly exitCode: 0 | 1 };

export function readCommandLine(given: readonly string[]): Command {
  const [first, file, ...rest] = given;
  if (first === undefined) return { kind: 'start' };
  if (first === 'backup' || first === 'restore') {
    if (file !== undefined && file !== '' && !file.startsWith('-') && rest.length === 0) return { kind: first, file };
    return refuse(`Name one file: npm run ${first} -- FILE. Nothing was done.`);
  }
  if (first === 'rotate-master-key' && file === undefined) return { kind: 'rotate-master-key' };
  const unknown = given.find((argument) => !['--help', '-h', 'help'].includes(argument));
  return unknown === undefined
    ? { kind: 'answer', text: usage, exitCode: 0 }
    : refuse(`The gateway takes no argument “${unknown}”; nothing was started.`);
}

const refuse = (why: string): Command => ({ kind: 'answer', text: `${why}\n\n${usage}`, exitCode: 1 });
