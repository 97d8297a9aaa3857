import type { Clock } from '../../ports/clock.ts';
import { createCache } from './cache.ts';

/** Knows what was erased, so that late repetitions of old events do not restore anyone's data. */
export interface Erasures {
  /** When this customer, or this conversation of the inbox, was erased; null if it was not, or long ago. */
  erasedAtMs(workspaceId: string, what: 'customer' | 'conversation', id: string): Promise<number | null>;
  /** The digest that is stored in place of the erased id. */
  digestOf(workspaceId: string, what: 'customer' | 'conversation', id: string): Buffer;
  /** Drops the cached list, after an erasure. */
  refresh(): void;
}

/** An erasure by another process is known here after this time at the latest. */
const ttlMs = 5_000;

export function createErasures(deps: {
  readonly listErasures: () => Promise<
    readonly { readonly workspaceId: string; readonly digest: Buffer; readonly erasedAtMs: number }[]
  >;
  /** Keyed, so that only the holder of the key can find out whose digest it is. */
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
