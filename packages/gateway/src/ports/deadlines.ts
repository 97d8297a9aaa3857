import type { Clock } from './clock.ts';

/** The time limits of many calls, on few timers: nearly all calls end long before their limit. */
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
  let isClosed = false;
  /** By the time at which they expire. One that expires in time for an entry serves it, whatever it was started for. */
  const timers = new Map<number, AbortController>();

  const expireDue = (dueMs: number): void => {
    if (isClosed) return;
    // A timer may end a little early by this clock: calls that are not due yet get another timer.
    timers.delete(dueMs);
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
    startTimer(nextMs);
  };
  const startTimer = (atMs: number): void => {
    if (atMs === Number.POSITIVE_INFINITY) return;
    for (const timerMs of timers.keys()) if (timerMs <= atMs) return;
    const stop = new AbortController();
    timers.set(atMs, stop);
    void clock.sleep(Math.max(0, atMs - clock.monotonicMs()), stop.signal).then(() => expireDue(atMs));
  };

  return {
    after(limitMs, expire) {
      const entry: Entry = { atMs: clock.monotonicMs() + limitMs, expire };
      entries.add(entry);
      startTimer(entry.atMs);
      return () => void entries.delete(entry);
    },
    close() {
      entries.clear();
      isClosed = true;
      for (const stop of timers.values()) stop.abort();
    },
  };
}
