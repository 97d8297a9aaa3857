import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A bug to be put back into the source: one piece of text that stands there exactly once, and what takes its place. */
export interface Patch {
  readonly name: string;
  /** What it would do to a user. */
  readonly harm: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The suites that should notice. */
  readonly suites: readonly string[];
}

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export const sourceOf = ({ file }: Patch): string => readFileSync(`${root}${file}`, 'utf8');

/** The source with the bug in it; throws where the text does not stand there exactly once. */
export function sabotage({ name, file, find, replace }: Patch, source: string): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new Error(`${name}: its text stands ${pieces.length - 1} times in ${file}. Adjust the patch to the code.`);
  }
  return pieces.join(replace);
}
