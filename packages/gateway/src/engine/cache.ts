import type { Clock } from '../ports/clock.ts';

export interface Cache<V> {
  /** The cached value, or the loaded one; callers that miss together load once. A failed load is not kept. */
  get(key: string): Promise<V> | V;
  forget(key: string): void;
  clear(): void;
}

interface Slot<V> {
  readonly value: V;
  readonly staleAtMs: number;
}

/** Values that may be `ttlMs` old. Holds at most `sizeMax`; the oldest go first. */
export function createCache<V>(options: {
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly sizeMax: number;
  readonly load: (key: string) => Promise<V>;
}): Cache<V> {
  const { clock, ttlMs, sizeMax, load } = options;
  const slots = new Map<string, Slot<V>>();
  const loading = new Map<string, Promise<V>>();

  const reload = async (key: string): Promise<V> => {
    const value = await load(key);
    if (!loading.has(key)) return value;
    slots.delete(key);
    slots.set(key, { value, staleAtMs: clock.monotonicMs() + ttlMs });
    const oldest = slots.keys().next();
    if (slots.size > sizeMax && !oldest.done) slots.delete(oldest.value);
    return value;
  };

  return {
    get(key) {
      const slot = slots.get(key);
      if (slot && slot.staleAtMs > clock.monotonicMs()) return slot.value;
      const pending = loading.get(key);
      if (pending !== undefined) return pending;
      const started = reload(key).finally(() => {
        if (loading.get(key) === started) loading.delete(key);
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
