import { describe, expect, it } from 'vitest';
import { findFolderCycles, findForbiddenImports } from './architecture-rules.ts';
import { findImportCycles } from './import-cycles.ts';
import { engineEdges, readSourceTree } from './source-tree.ts';
import { findForbiddenWords } from './word-rules.ts';

const tree = readSourceTree();
const { all, inPackages } = tree;

/** At most this many pairs of subfolders of `engine` may be connected by imports. */
const engineEdgesMax = 20;

describe('the source tree', () => {
  it('is scanned completely by these tests', () => {
    expect(inPackages.length).toBeGreaterThan(100);
    expect(new Set(inPackages.map(({ file }) => file.split('/')[1])).size).toBe(6);
    const edges = inPackages.flatMap(({ imports }) => imports);
    expect(edges.length).toBeGreaterThan(500);
    expect(inPackages.filter(({ imports }) => imports.length === 0).length).toBeLessThan(inPackages.length / 4);
  });

  it('has no import that the table of architecture-rules.ts forbids', () => {
    expect(findForbiddenImports(inPackages)).toEqual([]);
  });

  it('has no folders that import each other', () => {
    expect(findFolderCycles(inPackages)).toEqual([]);
  });

  it('has no import cycle between files, type-only imports included', () => {
    expect(findImportCycles(all)).toEqual([]);
  });

  it('connects the subfolders of engine by few imports', () => {
    const edges = engineEdges(tree);
    expect(edges.length).toBeGreaterThan(5);
    expect(edges.length).toBeLessThanOrEqual(engineEdgesMax);
  });

  it('keeps provider field names, the environment, time and randomness in their places', () => {
    expect(inPackages.flatMap(({ file, source }) => findForbiddenWords(file, source))).toEqual([]);
  });
});
