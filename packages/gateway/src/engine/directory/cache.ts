import { putNewest } from '../../core/memory/put-newest.ts';
import type { Clock } from '../../ports/clock.ts';

export interface Cache<V> {
  /** The cached value, or a loaded one. Callers that miss at the same time share one load. A failed load is not cached. */
  get(key: string): Promise<V> | V;
  /** The cached value. Undefined if `get` would have to load it. */
  peek(key: string): V | undefined;
  forget(key: string): void;
  clear(): void;
}

interface Slot<V> {
  readonly value: V;
  readonly loadedAtMs: number;
  readonly endsAtMs: number;
}

/**
 * Caches values for `ttlMs()`, evaluated when they are asked for, and no longer than a value's own `lifeMs` if it has one.
 * Holds at most `sizeMax` values. The oldest are dropped first.
 */
export function createCache<V>(options: {
  readonly clock: Clock;
  readonly ttlMs: () => number;
  readonly lifeMs?: (value: V) => number | null;
  readonly sizeMax: number;
  readonly load: (key: string) => Promise<V>;
}): Cache<V> {
  const { clock, ttlMs, lifeMs, sizeMax, load } = options;
  const slots = new Map<string, Slot<V>>();
  const loading = new Map<string, Promise<V>>();

  const storeValue = (key: string, value: V): void => {
    const loadedAtMs = clock.monotonicMs();
    const endsAtMs = loadedAtMs + (lifeMs?.(value) ?? Number.POSITIVE_INFINITY);
    putNewest(slots, key, { value, loadedAtMs, endsAtMs }, sizeMax);
  };

  const validSlot = (key: string): Slot<V> | undefined => {
    const slot = slots.get(key);
    const nowMs = clock.monotonicMs();
    return slot && nowMs < slot.loadedAtMs + ttlMs() && nowMs < slot.endsAtMs ? slot : undefined;
  };

  return {
    peek: (key) => validSlot(key)?.value,
    get(key) {
      const slot = validSlot(key);
      if (slot) return slot.value;
      const pending = loading.get(key);
      if (pending !== undefined) return pending;
      // A load that was forgotten while it ran, and may have been started again, is too old for later callers.
      const isCurrent = () => loading.get(key) === started;
      const started = load(key)
        .then((value) => {
          if (isCurrent()) storeValue(key, value);
          return value;
        })
        .finally(() => {
          if (isCurrent()) loading.delete(key);
        });
      loading.set(key, started);
      return started;
    },
    forget(key) {
      slots.delete(key);
      loading.delete(key);
    },
    clear() {
      slots.clear();
      loading.clear();
    },
  };
}
