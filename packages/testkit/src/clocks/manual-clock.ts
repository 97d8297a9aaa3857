import type { Clock } from '@chatferry/gateway/internal/ports/clock';

/** A clock for tests: time passes only when told to. */
export interface ManualClock extends Clock {
  /** Moves time forward and wakes every sleeper whose time has come. */
  advance(byMs: number): void;
}

export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let now = 0;
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => startMs + now,
    monotonicMs: () => now,
    sleep(delayMs, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = {
          atMs: now + delayMs,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    advance(byMs) {
      now += byMs;
      for (const { atMs, wake } of [...sleepers]) if (atMs <= now) wake();
    },
  };
}
