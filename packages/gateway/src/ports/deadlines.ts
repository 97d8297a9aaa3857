import type { Clock } from './clock.ts';

/** Time limits of many calls on few timers: nearly all calls end long before their limit. */
export interface Deadlines {
  /** Calls `expire` once after `limitMs`, unless the returned function was called before. */
  after(limitMs: number, expire: () => void): () => void;
  /** Nothing expires any more. */
  close(): void;
}

interface Entry {
  readonly atMs: number;
  readonly expire: () => void;
}

export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>();
  const closing = new AbortController();
  /** The next time at which somebody looks; whoever is due earlier sends another one. */
  let lookAtMs = Number.POSITIVE_INFINITY;

  const look = (dueMs: number): void => {
    if (closing.signal.aborted) return;
    // A timer may end a little early by this clock: whoever is not due yet is looked for once more.
    if (lookAtMs === dueMs) lookAtMs = Number.POSITIVE_INFINITY;
    const nowMs = clock.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const entry of [...entries]) {
      if (entry.atMs > nowMs) {
        nextMs = Math.min(nextMs, entry.atMs);
        continue;
      }
      entries.delete(entry);
      entry.expire();
    }
    lookBy(nextMs);
  };
  const lookBy = (atMs: number): void => {
    if (atMs >= lookAtMs) return;
    lookAtMs = atMs;
    void clock.sleep(Math.max(0, atMs - clock.monotonicMs()), closing.signal).then(() => look(atMs));
  };

  return {
    after(limitMs, expire) {
      const entry: Entry = { atMs: clock.monotonicMs() + limitMs, expire };
      entries.add(entry);
      lookBy(entry.atMs);
      return () => void entries.delete(entry);
    },
    close() {
      entries.clear();
      closing.abort();
    },
  };
}
