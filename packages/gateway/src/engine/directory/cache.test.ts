import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import { createCache } from './cache.ts';

interface Load {
  readonly key: string;
  resolve(value: string): void;
  reject(cause: Error): void;
}

function aCache(sizeMax = 10, lifeMs: (value: string) => number | null = () => null) {
  const clock = createVirtualClock();
  const loads: Load[] = [];
  let ttlMs = 5_000;
  const cache = createCache<string>({
    clock,
    ttlMs: () => ttlMs,
    lifeMs,
    sizeMax,
    load: (key) => new Promise((resolve, reject) => loads.push({ key, resolve, reject })),
  });
  /** Asks for a value, and answers the load that this causes. */
  const fill = async (key: string, value: string) => {
    const asked = cache.get(key);
    loads.at(-1)?.resolve(value);
    expect(await asked).toBe(value);
  };
  const setTtl = (next: number) => {
    ttlMs = next;
  };
  return { cache, clock, loads, fill, setTtl };
}

describe('a cache', () => {
  it('loads once for all callers that miss at the same time', async () => {
    const { cache, loads } = aCache();
    const asked = [cache.get('a'), cache.get('a'), cache.get('a')];
    expect(loads).toHaveLength(1);
    loads[0]?.resolve('one');
    expect(await Promise.all(asked)).toEqual(['one', 'one', 'one']);
  });

  it('returns a value until its time is over, and then loads it again', async () => {
    const { cache, clock, loads, fill } = aCache();
    await fill('a', 'one');
    clock.advance(4_999);
    expect(cache.get('a')).toBe('one');
    clock.advance(1);
    await fill('a', 'two');
    expect(loads).toHaveLength(2);
    expect(cache.get('a')).toBe('two');
  });

  it('does not cache a load that failed', async () => {
    const { cache, loads, fill } = aCache();
    const asked = [cache.get('a'), cache.get('a')];
    loads[0]?.reject(new Error('the store is away'));
    for (const one of asked) await expect(one).rejects.toThrow('the store is away');
    await fill('a', 'one');
  });
});

describe('forgetting a cached value', () => {
  it('makes the next caller load it again', async () => {
    const { cache, fill } = aCache();
    await fill('a', 'one');
    await fill('b', 'two');
    cache.forget('a');
    expect(cache.get('b')).toBe('two');
    await fill('a', 'three');
    cache.clear();
    await fill('b', 'four');
  });

  it('prevents a load that is under way from being cached', async () => {
    const { cache, loads, fill } = aCache();
    const before = cache.get('a');
    cache.forget('a');
    loads[0]?.resolve('old');
    expect(await before).toBe('old');
    await fill('a', 'new');
    expect(cache.get('a')).toBe('new');
  });

  it('never gives the old value to a later caller, in whichever order the loads end', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { cache, loads } = aCache();
      const before = cache.get('a');
      cache.clear();
      const after = cache.get('a');
      const values = ['old', 'new'];
      for (const at of order) {
        loads[at]?.resolve(values[at] ?? '');
        await (at === 0 ? before : after);
        const seen = cache.get('a');
        expect(await Promise.race([seen, Promise.resolve('still loading')])).not.toBe('old');
      }
      expect(await after).toBe('new');
      expect(cache.get('a')).toBe('new');
      expect(loads).toHaveLength(2);
    }
  });
});

describe('a cache at its limits', () => {
  it('drops the oldest values beyond its size', async () => {
    const { cache, fill, loads } = aCache(2);
    await fill('a', '1');
    await fill('b', '2');
    await fill('c', '3');
    expect([cache.get('b'), cache.get('c')]).toEqual(['2', '3']);
    await fill('a', '4');
    expect(loads).toHaveLength(4);
    expect(cache.get('c')).toBe('3');
  });

  it('loads a value again as soon as the time to live shrinks', async () => {
    const { cache, clock, fill, setTtl } = aCache();
    await fill('a', 'one');
    clock.advance(3_000);
    expect(cache.get('a')).toBe('one');
    setTtl(2_000);
    await fill('a', 'two');
  });

  it('caches a value no longer than the value’s own life', async () => {
    const { cache, clock, fill } = aCache(10, (value) => (value === 'brief' ? 1_000 : null));
    await fill('a', 'brief');
    clock.advance(999);
    expect(cache.get('a')).toBe('brief');
    clock.advance(1);
    await fill('a', 'lasting');
  });
});
