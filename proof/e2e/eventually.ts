import { setTimeout as pause } from 'node:timers/promises';

const deadlineMs = 15_000;
const everyMs = 20;

/** Tries until `check` no longer throws, and gives what it gave; fails with its last error. The only place that waits. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const untilMs = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await check();
    } catch (cause) {
      if (performance.now() >= untilMs) throw cause;
      await pause(everyMs);
    }
  }
}
