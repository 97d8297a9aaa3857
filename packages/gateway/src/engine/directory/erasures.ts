import type { Clock } from '../../ports/clock.ts';
import { createCache } from './cache.ts';

/** Tells what was erased, so that late repetitions of old events bring nobody back. */
export interface Erasures {
  /** When this customer, or this conversation of the inbox, was erased; null for none, or long ago. */
  erasedAtMs(workspaceId: string, what: 'customer' | 'conversation', id: string): Promise<number | null>;
  /** What is remembered of one. */
  digestOf(workspaceId: string, what: 'customer' | 'conversation', id: string): Buffer;
  /** Forgets what it knows, after an erasure. */
  refresh(): void;
}

/** What was erased elsewhere is known here after this time. */
const ttlMs = 5_000;

export function createErasures(deps: {
  readonly listErasures: () => Promise<
    readonly { readonly workspaceId: string; readonly digest: Buffer; readonly erasedAtMs: number }[]
  >;
  /** Keyed: nobody without the key finds out whose digest it is. */
  readonly digestOf: (text: string) => Buffer;
  readonly clock: Clock;
}): Erasures {
  const nameOf = (workspaceId: string, digest: Buffer) => `${workspaceId} ${digest.toString('base64')}`;
  const known = createCache<ReadonlyMap<string, number>>({
    clock: deps.clock,
    ttlMs: () => ttlMs,
    sizeMax: 1,
    load: async () =>
      new Map((await deps.listErasures()).map((one) => [nameOf(one.workspaceId, one.digest), one.erasedAtMs])),
  });
  const digestOf: Erasures['digestOf'] = (workspaceId, what, id) =>
    deps.digestOf(`erased ${workspaceId} ${what} ${id}`);
  return {
    digestOf,
    async erasedAtMs(workspaceId, what, id) {
      const all = await known.get('all');
      return all.size === 0 ? null : (all.get(nameOf(workspaceId, digestOf(workspaceId, what, id))) ?? null);
    },
    refresh: () => known.clear(),
  };
}
