import { describe, expect, it } from 'vitest';
import { findFolderCycles, findForbiddenImports } from './architecture-rules.ts';
import { findImportCycles } from './import-cycles.ts';
import { engineEdges, findStrayModels, readSourceTree } from './source-tree.ts';
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

  it('has the model of a store file in a memory-store file of the same name', () => {
    expect(findStrayModels(inPackages)).toEqual([]);
  });

  it('would report a memory-store file that models no store file', () => {
    const lanes = [
      'gateway/src/store/lanes.ts',
      'testkit/src/memory-store/lanes.ts',
      'testkit/src/memory-store/queue.ts',
    ];
    expect(findStrayModels(lanes.map((file) => ({ file: `packages/${file}` })))).toEqual([
      'packages/testkit/src/memory-store/queue.ts has no store/queue.ts in the gateway: give it the name of the file it models',
    ]);
  });

  it('keeps provider field names, the environment, time and randomness in their places', () => {
    expect(inPackages.flatMap(({ file, source }) => findForbiddenWords(file, source))).toEqual([]);
  });
});
