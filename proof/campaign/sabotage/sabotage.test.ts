import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findFile, findSuites, type Patch, root, sabotage } from './patch.ts';
import { patches } from './patches.ts';

describe('a bug that can be put back', () => {
  it.each(patches.map((patch) => [patch.name, patch] as const))('fits the code, and has suites: %s', (_name, patch) => {
    const source = readFileSync(`${root}${findFile(patch)}`, 'utf8');
    expect(sabotage(patch, source)).not.toBe(source);
    expect(findSuites(patch).length).toBeGreaterThan(0);
  });

  it('is one of 111, each with a name of its own', () => {
    expect(patches).toHaveLength(111);
    expect(new Set(patches.map(({ name }) => name)).size).toBe(patches.length);
  });
});

describe('a patch', () => {
  const patch: Patch = { name: 'a bug', harm: '', find: 'if (a) return b;', replace: 'if (c) return b;', suites: [] };

  it('matches whatever the whitespace is, and leaves the rest of the source alone', () => {
    expect(sabotage(patch, 'x;\n  if (a)\n    return b;\ny;')).toBe('x;\n  if (c) return b;\ny;');
  });

  it('is refused for code that does not occur, or occurs twice', () => {
    expect(() => sabotage(patch, 'something else')).toThrow('occurs 0 times');
    expect(() => sabotage(patch, `${patch.find}\n${patch.find}`)).toThrow('occurs 2 times');
    expect(() => findFile(patch)).toThrow('occurs in 0 files');
  });

  it('is refused for a suite that does not exist, or is not the only one of its name', () => {
    expect(() => findSuites({ ...patch, suites: ['no.test.ts'] })).toThrow('0 suites end with no.test.ts');
    expect(() => findSuites({ ...patch, suites: ['classify.test.ts'] })).toThrow('suites end with classify.test.ts');
  });
});
