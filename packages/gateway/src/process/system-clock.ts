import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Clock, Random } from '../ports/clock.ts';

/** The machine's clock. No other code reads it. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal?.addEventListener('abort', end, { once: true });
    }),
};

const uniformSteps = 2 ** 32;

/** The machine's source of randomness. */
export const systemRandom: Random = {
  uniform: () => randomInt(uniformSteps) / uniformSteps,
  bytes: randomBytes,
  uuid: randomUUID,
};
