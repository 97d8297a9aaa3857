import type { SandboxClock } from '../clock.ts';

/** Time that stands still until it is moved. */
export interface ManualClock extends SandboxClock {
  /** Runs what falls due, in order of time, and gives what it starts a chance to go on in between. */
  advance(byMs: number): Promise<void>;
}

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let timers: { readonly dueMs: number; readonly run: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(byMs) {
      const endMs = nowMs + byMs;
      for (;;) {
        const next = timers.filter((timer) => timer.dueMs <= endMs).sort((one, other) => one.dueMs - other.dueMs)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = next.dueMs;
        next.run();
        await new Promise((resolve) => setImmediate(resolve));
      }
      nowMs = endMs;
    },
  };
}
