import { describe, expect, it } from 'vitest';
import { findImportCycles } from './import-cycles.ts';

const imports = (file: string, ...specifiers: readonly string[]) => ({
  file,
  imports: specifiers.map((specifier) => ({ specifier, isTypeOnly: true, names: [] })),
});

describe('the search for import cycles', () => {
  it('finds two files that import types from each other', () => {
    const files = [imports('scripts/a.ts', './b.ts'), imports('scripts/b.ts', './a.ts')];
    expect(findImportCycles(files)).toEqual(['scripts/a.ts -> scripts/b.ts -> scripts/a.ts']);
  });

  it('finds a cycle through three files and two packages', () => {
    const files = [
      imports('packages/testkit/src/rigs/rig.ts', '@chatferry/gateway/internal/a/b'),
      imports('packages/gateway/src/a/b.ts', './c.ts'),
      imports('packages/gateway/src/a/c.ts', '@chatferry/testkit/rigs/rig'),
    ];
    expect(findImportCycles(files)).toHaveLength(1);
  });

  it('accepts files that share an import', () => {
    const files = [
      imports('scripts/a.ts', './b.ts', './c.ts'),
      imports('scripts/b.ts', './c.ts', 'node:fs'),
      imports('scripts/c.ts'),
    ];
    expect(findImportCycles(files)).toEqual([]);
  });
});
