import type { SandboxClock } from './clock.ts';

/** A clock that only moves when it is told to: for tests of behaviour that takes minutes or days. */
export interface VirtualClock extends SandboxClock {
  /** Moves the time forward and runs the timers that are due, in order. */
  advance(byMs: number): void;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export function createVirtualClock(startMs = Date.UTC(2026, 0, 15, 12)): VirtualClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers].filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
      }
      nowMs = untilMs;
    },
  };
}
