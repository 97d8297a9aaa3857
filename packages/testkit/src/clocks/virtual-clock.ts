import type { Clock } from '@chatferry/gateway/internal/ports/clock';

/** A clock for tests: time passes only when told to. */
export interface VirtualClock extends Clock {
  /** Moves time forward and wakes, in order, each sleeper whose time has come. */
  advance(byMs: number): void;
  /** The waits of those who sleep now, as they asked for them. */
  sleeping(): readonly number[];
  /** Resolves when `count` callers sleep at once, now or later. */
  whenAsleep(count?: number): Promise<void>;
}

interface Sleeper {
  readonly delayMs: number;
  readonly dueMs: number;
  readonly wake: () => void;
}

export function createVirtualClock(startMs = Date.UTC(2026, 0, 15, 12)): VirtualClock {
  let elapsedMs = 0;
  const sleepers = new Set<Sleeper>();
  let onlookers: { readonly count: number; readonly tell: () => void }[] = [];

  const look = (): void => {
    const told = onlookers.filter(({ count }) => sleepers.size >= count);
    onlookers = onlookers.filter(({ count }) => sleepers.size < count);
    for (const { tell } of told) tell();
  };
  const nextDue = (untilMs: number): Sleeper | undefined =>
    [...sleepers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];

  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper: Sleeper = {
          delayMs,
          dueMs: elapsedMs + delayMs,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        signal?.addEventListener('abort', sleeper.wake, { once: true });
        sleepers.add(sleeper);
        look();
      }),
    advance(byMs) {
      const untilMs = elapsedMs + byMs;
      for (let sleeper = nextDue(untilMs); sleeper; sleeper = nextDue(untilMs)) {
        elapsedMs = Math.max(elapsedMs, sleeper.dueMs);
        sleeper.wake();
      }
      elapsedMs = untilMs;
    },
    sleeping: () => [...sleepers].map(({ delayMs }) => delayMs),
    whenAsleep: (count = 1) =>
      new Promise((resolve) => {
        onlookers.push({ count, tell: resolve });
        look();
      }),
  };
}
