import { setTimeout as sleep } from 'node:timers/promises';

const usualLimitMs = 15_000;
const pauseMs = 20;

/** Repeats `check` until it no longer throws, and resolves with its result; fails with its last error. The only place that waits. */
export async function eventually<T>(check: () => T | Promise<T>, limitMs = usualLimitMs): Promise<T> {
  const deadlineMs = performance.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (cause) {
      if (performance.now() >= deadlineMs) throw cause;
      await sleep(pauseMs);
    }
  }
}
