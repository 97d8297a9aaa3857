import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import { systemClock } from '@chatferry/gateway/internal/process/system-clock';

/** Loops of the gateway pause between two looks for this long. Signs of life (3 s) and all limits of calls are longer. */
const pauseMs = { min: 200, max: 2_000 };
const quickness = 5;

/** The real time, but the gateway's loops look for work five times as often: tests that wait for a loop are not about its pauses. */
export const quickClock: Clock = {
  ...systemClock,
  sleep(delayMs, signal) {
    // Only a pause that can be cut short is a loop's.
    const isPause = signal !== undefined && delayMs >= pauseMs.min && delayMs <= pauseMs.max;
    return systemClock.sleep(isPause ? delayMs / quickness : delayMs, signal);
  },
};
