import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFolderCycles, findForbiddenImports, type ImportingFile, isTestFile } from './architecture-rules.ts';
import { findImportCycles } from './import-cycles.ts';
import { findSlowExpressions } from './regular-expressions.ts';
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
const isSkipped = (path: string): boolean => /(^|\/)(node_modules|dist|cjs)(\/|$)/.test(path);

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

const modelFolder = 'packages/testkit/src/memory-store/';
/** The files of the memory store that are not the model of one store file. */
const modelFrame = ['bind-queries.ts', 'database.ts', 'log-events.ts', 'memory-store.ts'];

/** Files of the memory store whose store file does not exist: a query and its model have the same file name. */
export function findStrayModels(files: readonly Pick<ImportingFile, 'file'>[]): readonly string[] {
  const known = new Set(files.map(({ file }) => file));
  return files
    .filter(({ file }) => file.startsWith(modelFolder))
    .map(({ file }) => file.slice(modelFolder.length))
    .filter((name) => !modelFrame.includes(name) && !known.has(`packages/gateway/src/store/${name}`))
    .map((name) => `${modelFolder}${name} has no store/${name} in the gateway: give it the name of the file it models`);
}

/** What breaks a rule of the architecture, one sentence each. */
export const findViolations = ({ all, inPackages }: SourceTree): readonly string[] => [
  ...findForbiddenImports(inPackages),
  ...findFolderCycles(inPackages).map((cycle) => `folders import each other: ${cycle}`),
  ...findImportCycles(all).map((cycle) => `files import each other: ${cycle}`),
  ...findStrayModels(inPackages),
  ...inPackages.flatMap(({ file, source }) => findForbiddenWords(file, source)),
  ...findSlowExpressions(inPackages),
];
