import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFolderCycles, findForbiddenImports, type ImportingFile, isTestFile } from './architecture-rules.ts';
import { findImportCycles } from './import-cycles.ts';
import { importsOf, type ScannedSource, scanSource } from './scan-source.ts';
import { findForbiddenWords } from './word-rules.ts';

interface SourceFile extends ImportingFile {
  readonly source: ScannedSource;
}

/** Every TypeScript file of the packages, the proofs and the scripts. */
export interface SourceTree {
  /** All of them. */
  readonly all: readonly SourceFile[];
  /** Those under `packages/<name>/src`. */
  readonly inPackages: readonly SourceFile[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const isSkipped = (path: string): boolean => /(^|\/)(node_modules|dist)(\/|$)/.test(path);

const listSources = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !isSkipped(path))
    .map((path) => `${folder}/${path}`);

export function readSourceTree(): SourceTree {
  const all = ['packages', 'proof', 'scripts'].flatMap(listSources).map((file) => {
    const source = scanSource(readFileSync(join(root, file), 'utf8'));
    return { file, source, imports: importsOf(source) };
  });
  return { all, inPackages: all.filter(({ file }) => /^packages\/[^/]+\/src\//.test(file)) };
}

/** The pairs of `engine` subfolders that an import connects, such as `mirror -> lanes`. */
export function engineEdges({ inPackages }: SourceTree): readonly string[] {
  const subfolder = /^packages\/gateway\/src\/engine\/([^/]+)\//;
  const edges = inPackages
    .filter(({ file }) => subfolder.test(file) && !isTestFile(file))
    .flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier }) => {
        const from = subfolder.exec(file)?.[1];
        const to = subfolder.exec(join(file, '..', specifier))?.[1];
        return specifier.startsWith('.') && to !== undefined && to !== from ? [`${from} -> ${to}`] : [];
      }),
    );
  return [...new Set(edges)].sort();
}

/** What breaks a rule of the architecture, one sentence each. */
export const findViolations = ({ all, inPackages }: SourceTree): readonly string[] => [
  ...findForbiddenImports(inPackages),
  ...findFolderCycles(inPackages).map((cycle) => `folders import each other: ${cycle}`),
  ...findImportCycles(all).map((cycle) => `files import each other: ${cycle}`),
  ...inPackages.flatMap(({ file, source }) => findForbiddenWords(file, source)),
];
