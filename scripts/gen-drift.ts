import type { Lock } from './gen-dependencies.ts';
import { type GeneratedFile, generateFiles } from './gen-files.ts';

/**
 * Returns the generated files whose text on disk differs from their source. `read` takes a path from the root of the
 * repository and returns undefined for a missing file.
 */
export const findDrift = (read: (path: string) => string | undefined): readonly GeneratedFile[] => {
  const parse = (path: string): unknown => {
    const text = read(path);
    if (text === undefined) throw new Error(`${path} is missing. Run this in a complete checkout.`);
    return JSON.parse(text);
  };
  const { version } = parse('packages/contract/package.json') as { version: string };
  return generateFiles(version, parse('package-lock.json') as Lock).filter(({ path, text }) => read(path) !== text);
};
