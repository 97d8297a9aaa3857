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
  const closing = new AbortController();
  /** When the next timer ends. A call that is due earlier starts another timer. */
  let nextTimerMs = Number.POSITIVE_INFINITY;

  const expireDue = (dueMs: number): void => {
    if (closing.signal.aborted) return;
    // A timer may end a little early by this clock: calls that are not due yet get another timer.
    if (nextTimerMs === dueMs) nextTimerMs = Number.POSITIVE_INFINITY;
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
    if (atMs >= nextTimerMs) return;
    nextTimerMs = atMs;
    void clock.sleep(Math.max(0, atMs - clock.monotonicMs()), closing.signal).then(() => expireDue(atMs));
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
      closing.abort();
    },
  };
}
