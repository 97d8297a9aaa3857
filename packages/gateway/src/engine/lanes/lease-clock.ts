import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane } from '../../store/lanes.ts';

/**
 * How long this process has its lanes at least, on its own clock: until the lease ends, and as long as nobody can have taken the
 * process for dead. A process that was stopped in the middle of a job must not go on with it where another may have it by now.
 * The store fences its late statements; what goes to an inbox can only be held back here.
 */
export interface LeaseClock {
  /** The store gave the lease, or renewed it; `askedAtMs` is the monotonic time before it was asked. */
  began(lane: ClaimedLane, askedAtMs: number): void;
  /** The store took a sign of life, which it was asked to at `askedAtMs`. */
  gaveSign(askedAtMs: number): void;
  /** Whether another process may have the lane by now. */
  mayBeOver(lane: ClaimedLane): boolean;
}

/** Both limits in milliseconds; after `silenceMaxMs` without a sign of life others take a process for dead. */
export function createLeaseClock(clock: Clock, leaseMs: number, silenceMaxMs: number): LeaseClock {
  const askedAtMs = new WeakMap<ClaimedLane, number>();
  let signedAtMs = clock.monotonicMs();
  /** The end of the last silence after which this process may have been taken for dead: what it held before is not its own. */
  let aliveSinceMs = Number.NEGATIVE_INFINITY;

  const isSilent = () => clock.monotonicMs() - signedAtMs >= silenceMaxMs;

  return {
    began(lane, atMs) {
      askedAtMs.set(lane, atMs);
    },
    gaveSign(atMs) {
      if (isSilent()) aliveSinceMs = clock.monotonicMs();
      signedAtMs = atMs;
    },
    mayBeOver(lane) {
      const atMs = askedAtMs.get(lane);
      if (atMs === undefined) return false;
      return isSilent() || atMs < aliveSinceMs || clock.monotonicMs() >= atMs + leaseMs;
    },
  };
}
