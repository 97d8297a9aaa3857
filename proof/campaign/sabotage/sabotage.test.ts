import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Patch, root, sabotage, sourceOf } from './patch.ts';
import { patches } from './patches.ts';

describe('the bugs that are put back', () => {
  it.each(patches.map((patch) => [patch.name, patch] as const))('still fit the code: %s', (_name, patch) => {
    const source = sourceOf(patch);
    expect(sabotage(patch, source)).not.toBe(source);
    expect(patch.suites.filter((suite) => !existsSync(`${root}${suite}`))).toEqual([]);
    expect(patch.suites.length).toBeGreaterThan(0);
  });

  it('are many, each with a name of its own', () => {
    expect(patches.length).toBeGreaterThanOrEqual(25);
    expect(new Set(patches.map(({ name }) => name)).size).toBe(patches.length);
  });

  it('refuse a text that is not there, or there twice', () => {
    const [patch] = patches as readonly [Patch];
    expect(() => sabotage(patch, 'something else')).toThrow(/stands 0 times/);
    expect(() => sabotage(patch, `${patch.find}${patch.find}`)).toThrow(/stands 2 times/);
  });
});
