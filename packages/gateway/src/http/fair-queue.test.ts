import { describe, expect, it } from 'vitest';
import { ApiError } from '../operations/api-error.ts';
import { createFairQueue } from './fair-queue.ts';

/** A queue whose work waits at a gate, so that the test decides what ends when. */
function arrange(change: Partial<Parameters<typeof createFairQueue>[0]> = {}) {
  const limits: (() => void)[] = [];
  const after = (_limitMs: number, expire: () => void) => {
    limits.push(expire);
    return () => void limits.splice(limits.indexOf(expire), 1);
  };
  const queue = createFairQueue({
    atOnce: 3,
    atOncePerTenant: 2,
    waitingMax: 1_000,
    waitingMaxPerTenant: 100,
    waitMaxMs: 1,
    deadlines: { after },
    ...change,
  });
  const begun: string[] = [];
  const gates = new Map<string, () => void>();
  const ask = (tenant: string, name: string): Promise<string> =>
    queue
      .run(tenant, async () => {
        begun.push(name);
        await new Promise<void>((resolve) => gates.set(name, resolve));
        return 'done';
      })
      .catch((cause: unknown) => (cause instanceof ApiError ? cause.error : 'bug'));
  /** Ends one piece of work, and lets everything that follows from it happen. */
  const end = async (name: string) => {
    gates.get(name)?.();
    await new Promise(setImmediate);
  };
  const settle = () => new Promise(setImmediate);
  return { ask, begun, end, settle, expire: () => limits[0]?.() };
}

const flood = ({ ask }: ReturnType<typeof arrange>, tenant: string, count: number) =>
  Array.from({ length: count }, (_, index) => ask(tenant, `${tenant}${index}`));

describe('a flood of one tenant', () => {
  it('leaves a place free for the others, whose requests begin at once', async () => {
    const queue = arrange();
    flood(queue, 'a', 50);
    void queue.ask('b', 'b0');
    await queue.settle();
    expect(queue.begun).toEqual(['a0', 'a1', 'b0']);
  });

  it('delays the request of another by at most one turn, not by its length', async () => {
    const queue = arrange({ atOnce: 2, atOncePerTenant: 2 });
    flood(queue, 'a', 50);
    flood(queue, 'b', 2);
    flood(queue, 'c', 1);
    for (const name of ['a0', 'a1', 'a2', 'b0', 'c0']) await queue.end(name);
    expect(queue.begun.slice(2)).toEqual(['a2', 'b0', 'c0', 'a3', 'b1']);
  });

  it('is carried out in its order, one after the other, as places become free', async () => {
    const queue = arrange({ atOnce: 2, atOncePerTenant: 1 });
    const all = flood(queue, 'a', 20);
    for (let index = 0; index < 20; index += 1) await queue.end(`a${index}`);
    expect(queue.begun).toEqual(Array.from({ length: 20 }, (_, index) => `a${index}`));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
  });

  it('is refused with 429 beyond its share of the waiting places, and others still wait', async () => {
    const queue = arrange({ waitingMaxPerTenant: 5 });
    const all = flood(queue, 'a', 8);
    expect(await all[7]).toBe('RATE_LIMITED');
    flood(queue, 'b', 3);
    await queue.settle();
    await queue.end('a0');
    await queue.end('a1');
    expect(queue.begun.slice(-2)).toEqual(['a2', 'b1']);
  });
});

describe('a request that waits', () => {
  it('is refused with 503 if all places to wait are taken', async () => {
    const queue = arrange({ waitingMax: 2, atOnce: 1, atOncePerTenant: 1 });
    flood(queue, 'a', 2);
    flood(queue, 'b', 1);
    expect(await queue.ask('c', 'c0')).toBe('UNAVAILABLE');
  });

  it('is refused with 503 after its time, is not begun later, and its place is free again', async () => {
    const queue = arrange({ waitingMax: 1, atOnce: 1, atOncePerTenant: 1 });
    flood(queue, 'a', 1);
    const late = queue.ask('b', 'late');
    queue.expire();
    expect(await late).toBe('UNAVAILABLE');
    void queue.ask('b', 'next');
    await queue.end('a0');
    expect(queue.begun).toEqual(['a0', 'next']);
  });
});

describe('work that fails', () => {
  it('gives its place back', async () => {
    const queue = createFairQueue({
      atOnce: 1,
      atOncePerTenant: 1,
      waitingMax: 1,
      waitingMaxPerTenant: 1,
      waitMaxMs: 1,
      deadlines: { after: () => () => undefined },
    });
    const failing = queue.run('a', async () => {
      throw new Error('of the test');
    });
    await expect(failing).rejects.toThrow('of the test');
    expect(await queue.run('a', async () => 'done')).toBe('done');
  });
});
