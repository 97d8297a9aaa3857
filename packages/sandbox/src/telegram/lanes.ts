import type { PendingUpdate } from './updates.ts';

/** Updates that must reach the bot one after the other, the oldest first. */
export interface Lane {
  readonly name: string;
  readonly queue: PendingUpdate[];
  /** The failures of the oldest update in a row. */
  failures: number;
  /** The pause after the last failure, in seconds. */
  delayS: number;
}

/** The lanes of one bot. A lane that was taken cannot be taken again before `finish` or `makeReady`. */
export interface Lanes {
  add(update: PendingUpdate): void;
  takeReady(): Lane | undefined;
  /** Removes the oldest update of the lane. */
  finish(lane: Lane): void;
  makeReady(lane: Lane): void;
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const ready: Lane[] = [];
  return {
    add(update) {
      const known = lanes.get(update.lane);
      if (known) {
        known.queue.push(update);
        return;
      }
      const lane = { name: update.lane, queue: [update], failures: 0, delayS: 1 };
      lanes.set(lane.name, lane);
      ready.push(lane);
    },
    takeReady: () => ready.shift(),
    finish(lane) {
      lane.queue.shift();
      lane.failures = 0;
      lane.delayS = 1;
      if (lane.queue.length === 0) lanes.delete(lane.name);
      else ready.push(lane);
    },
    makeReady(lane) {
      ready.push(lane);
    },
  };
}

/** Telegram: the pause between retries grows to a random 60 to 120 s; a `Retry-After` is limited to an hour. */
const resendLimitS = 60;
const retryAfterLimitS = 3600;

/**
 * Counts a failure and returns the pause before the retry, in seconds. Telegram: the first retry is immediate, the next
 * after 2, 4, 8, … s.
 */
export function countFailure(lane: Lane, retryAfterS: number, random: () => number): number {
  const isFirst = lane.failures === 0;
  lane.failures += 1;
  if (retryAfterS > 0) return Math.min(retryAfterS, retryAfterLimitS);
  if (isFirst) return 0;
  lane.delayS = Math.min(resendLimitS + Math.floor(random() * (resendLimitS + 1)), lane.delayS * 2);
  return lane.delayS;
}
