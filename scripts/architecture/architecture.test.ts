import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findFolderCycles, findForbiddenImports, type ImportingFile, isTestFile } from './architecture-rules.ts';
import { findImportCycles } from './import-cycles.ts';
import { importsOf, scanSource } from './scan-source.ts';
import { findForbiddenWords } from './word-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files that git tracks or would track. */
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const scanned = sources.map((file) => ({ file, source: scanSource(readFileSync(join(root, file), 'utf8')) }));
const allFiles: readonly ImportingFile[] = scanned.map(({ file, source }) => ({ file, imports: importsOf(source) }));
const inPackages = /^packages\/[^/]+\/src\//;
const files = allFiles.filter(({ file }) => inPackages.test(file));

/** At most this many pairs of subfolders of `engine` may be connected by imports. */
const engineEdgesMax = 20;

/** The pairs of `engine` subfolders that an import connects, such as `mirror -> lanes`. */
function engineEdges(): readonly string[] {
  const subfolder = /^packages\/gateway\/src\/engine\/([^/]+)\//;
  const edges = files
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

describe('the source tree', () => {
  it('is scanned completely by these tests', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(new Set(files.map(({ file }) => file.split('/')[1])).size).toBe(6);
    const edges = files.flatMap(({ imports }) => imports);
    expect(edges.length).toBeGreaterThan(500);
    expect(files.filter(({ imports }) => imports.length === 0).length).toBeLessThan(files.length / 4);
  });

  it('has no import that the table of architecture-rules.ts forbids', () => {
    expect(findForbiddenImports(files)).toEqual([]);
  });

  it('has no folders that import each other', () => {
    expect(findFolderCycles(files)).toEqual([]);
  });

  it('has no import cycle between files, type-only imports included', () => {
    expect(findImportCycles(allFiles)).toEqual([]);
  });

  it('connects the subfolders of engine by few imports', () => {
    const edges = engineEdges();
    expect(edges.length).toBeGreaterThan(5);
    expect(edges.length).toBeLessThanOrEqual(engineEdgesMax);
  });

  it('keeps provider field names, the environment, time and randomness in their places', () => {
    const words = scanned
      .filter(({ file }) => inPackages.test(file))
      .flatMap(({ file, source }) => findForbiddenWords(file, source));
    expect(words).toEqual([]);
  });
});
