/** Writes the commands of a text as this person can type them. */
import type { Environment } from './environment.ts';
import type { View } from './view.ts';

/** Turns the commands of a text of ours into what finds the program in this place. */
export type AsTyped = (text: string) => string;

/**
 * `npx` finds a program that is in the project only. So a person who used it gets `npx chatferry …` to copy. Only the names of
 * commands are followed: in “chatferry is connected” the word may be a name that someone gave.
 */
export const createAsTyped = (env: Environment, commands: readonly { readonly name: string }[]): AsTyped => {
  if (env['npm_command'] !== 'exec') return (text) => text;
  const known = new Set(['COMMAND', '--help', ...commands.map(({ name }) => name.split(' ')[0])]);
  return (text) =>
    text.replaceAll(/(?<!npx |[\w/@.-])chatferry ([\w-]+)/g, (typed, noun: string) =>
      known.has(noun) ? `npx ${typed}` : typed,
    );
};

/** The view with its own sentences as they can be typed. What the API answered stays as it is. */
export const viewAsTyped = (view: View, asTyped: AsTyped): View =>
  view.map((entry) => {
    if (entry === null) return null;
    if (typeof entry === 'string') return asTyped(entry);
    if ('title' in entry) {
      const { part } = entry;
      return { title: asTyped(entry.title), part: part.kind === 'text' ? { ...part, text: asTyped(part.text) } : part };
    }
    return entry.kind === 'text' ? { ...entry, text: asTyped(entry.text) } : entry;
  });
