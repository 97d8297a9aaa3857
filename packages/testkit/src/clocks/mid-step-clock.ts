import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import { systemClock } from '@chatferry/gateway/internal/process/system-clock';
import { codeStepMs } from '../rigs/one-time-code.ts';

/**
 * Durations and pauses are real, but the time of day does not pass: it is the middle of a step of the one-time codes. So no code
 * gets too old between the moment in which a test makes it and the moment in which the gateway looks at it.
 */
export function createMidStepClock(): Clock {
  const middleMs = (Math.floor(systemClock.nowMs() / codeStepMs) + 0.5) * codeStepMs;
  return { ...systemClock, nowMs: () => middleMs };
}
