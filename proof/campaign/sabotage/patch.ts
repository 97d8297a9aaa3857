import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A bug that is put back into the source of the gateway. `find` is the shortest piece of code that occurs exactly once in all of
 * the gateway, whatever its whitespace, so that code can be moved and formatted without a change here.
 */
export interface Patch {
  readonly name: string;
  /** What the bug would do to a user. */
  readonly harm: string;
  readonly find: string;
  readonly replace: string;
  /** The suites that should notice, each by the end of its path. */
  readonly suites: readonly string[];
  /** The end of the path, when `find` occurs in another file too. */
  readonly in?: string;
  /** Whether `find` may occur several times in its file; each is replaced. */
  readonly isRepeated?: true;
}

export const root = fileURLToPath(new URL('../../..', import.meta.url));

const listFiles = (folder: string): readonly string[] =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const gatewayFiles = listFiles('packages/gateway/src');
const products = gatewayFiles.filter((file) => !isTest(file));
const suites = [...gatewayFiles, ...listFiles('proof/e2e')].filter(isTest);

/** The only file, from the root of the repository, in which the code of the patch occurs. */
export function findFile(patch: Patch): string {
  const { name, find, in: end = '' } = patch;
  const found = products.filter(
    (file) => file.endsWith(end) && occurrences(readFileSync(`${root}${file}`, 'utf8'), find).length > 0,
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new Error(
    `${name}: ${find} occurs in ${found.length} files: ${found.join(', ')}. Adjust the patch to the code.`,
  );
}

/** The paths of the suites; throws when one is not there, or is not the only one with this end. */
export const findSuites = ({ name, suites: ends }: Patch): readonly string[] =>
  ends.map((end) => {
    const found = suites.filter((file) => file.endsWith(`/${end}`));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    throw new Error(`${name}: ${found.length} suites end with ${end}: ${found.join(', ')}.`);
  });

/** The source with the bug in it; throws when the code of the patch does not occur in it exactly once. */
export function sabotage({ name, find, replace, isRepeated }: Patch, source: string): string {
  const found = occurrences(source, find);
  if (found.length === 0 || (found.length > 1 && isRepeated !== true))
    throw new Error(`${name}: ${find} occurs ${found.length} times. Adjust the patch to the code.`);
  return found.reduceRight((text, [from, to]) => text.slice(0, from) + replace + text.slice(to), source);
}

/** Where the code begins and ends in the source; whitespace does not count in either. */
function occurrences(source: string, find: string): readonly (readonly [from: number, to: number])[] {
  const characters = [...find.replace(/\s/g, '')].map((character) => character.replace(/[.*+?^${}()|[\]\\]/, '\\$&'));
  const pattern = new RegExp(characters.join('\\s*'), 'g');
  return [...source.matchAll(pattern)].map(({ index, 0: text }) => [index, index + text.length]);
}
