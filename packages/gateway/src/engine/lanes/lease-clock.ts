import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane } from '../../store/lanes.ts';

/**
 * Tells whether this process can still be sure, by its own clock, that it has a lane: until the lease ends, and as long as no
 * other process can have declared this one dead. A process that was stopped in the middle of a job must not continue a job
 * that another process may have taken. The store rejects late statements. Calls to an inbox can only be held back here.
 */
export interface LeaseClock {
  /** The store granted or renewed the lease. `askedAtMs` is the monotonic time before it was asked. */
  recordGrant(lane: ClaimedLane, askedAtMs: number): void;
  /** The store accepted a sign of life. `askedAtMs` is the monotonic time before it was asked. */
  recordSign(askedAtMs: number): void;
  /** Whether another process may have the lane now. */
  mayBeOver(lane: ClaimedLane): boolean;
}

/** Both limits are in milliseconds. After `silenceMaxMs` without a sign of life other processes declare this one dead. */
export function createLeaseClock(clock: Clock, leaseMs: number, silenceMaxMs: number): LeaseClock {
  const grantedAtMs = new WeakMap<ClaimedLane, number>();
  let signedAtMs = clock.monotonicMs();
  /** The end of the last silence in which this process may have been declared dead. Lanes that were claimed before this time are lost. */
  let aliveSinceMs = Number.NEGATIVE_INFINITY;

  const isSilent = () => clock.monotonicMs() - signedAtMs >= silenceMaxMs;

  return {
    recordGrant(lane, atMs) {
      grantedAtMs.set(lane, atMs);
    },
    recordSign(atMs) {
      if (isSilent()) aliveSinceMs = clock.monotonicMs();
      signedAtMs = atMs;
    },
    mayBeOver(lane) {
      const atMs = grantedAtMs.get(lane);
      if (atMs === undefined) return false;
      return isSilent() || atMs < aliveSinceMs || clock.monotonicMs() >= atMs + leaseMs;
    },
  };
}
