import type { Clock } from '../ports/clock.ts';
import type { ClaimedLane } from '../store/lanes.ts';

/**
 * How long a claim on a lane lasts at least, on this process's own clock: it was asked for before the store's clock gave it. A
 * process that was stopped in the middle of a job must not go on with it where another may have it by now. The store fences its
 * late statements; what goes to an inbox can only be held back here.
 */
export interface LeaseClock {
  /** The store gave the lease, or renewed it; `askedAtMs` is the monotonic time before it was asked. */
  began(lane: ClaimedLane, askedAtMs: number): void;
  /** Whether another process may have the lane by now. */
  mayBeOver(lane: ClaimedLane): boolean;
}

export function createLeaseClock(clock: Clock, leaseMs: number): LeaseClock {
  const endsAtMs = new WeakMap<ClaimedLane, number>();
  return {
    began(lane, askedAtMs) {
      endsAtMs.set(lane, askedAtMs + leaseMs);
    },
    mayBeOver: (lane) => clock.monotonicMs() >= (endsAtMs.get(lane) ?? Number.POSITIVE_INFINITY),
  };
}
