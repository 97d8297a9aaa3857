import { type GeneratedFile, generateFiles } from './gen-files.ts';

/** The generated files whose text on disk is another; `read` takes a path from the root and returns undefined for a missing file. */
export const findDrift = (read: (path: string) => string | undefined): readonly GeneratedFile[] => {
  const manifest = read('packages/contract/package.json');
  if (manifest === undefined)
    throw new Error('packages/contract/package.json is missing; run this in a whole checkout.');
  const { version } = JSON.parse(manifest) as { version: string };
  return generateFiles(version).filter(({ path, text }) => read(path) !== text);
};
