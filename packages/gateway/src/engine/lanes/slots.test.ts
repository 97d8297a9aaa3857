import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

describe('slots', () => {
  it('let the maximum work at once and the others follow in order, even after a failure', async () => {
    const slots = createSlots(2);
    const begun: string[] = [];
    const ends = new Map<string, (failure?: Error) => void>();
    const work = (name: string) =>
      slots.run(
        () =>
          new Promise<string>((resolve, reject) => {
            begun.push(name);
            ends.set(name, (failure) => (failure ? reject(failure) : resolve(name)));
          }),
      );
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(work);
    expect(begun).toEqual(['a', 'b']);
    ends.get('b')?.(new Error('no'));
    await expect(b).rejects.toThrow('no');
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('a')?.();
    expect(await a).toBe('a');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    ends.get('c')?.();
    ends.get('d')?.();
    expect(await Promise.all([c, d])).toEqual(['c', 'd']);
    const last = work('e');
    expect(begun.at(-1)).toBe('e');
    ends.get('e')?.();
    await last;
  });
});
