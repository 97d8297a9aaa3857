import type { Clock } from '../ports/clock.ts';
import type { ClaimedLane } from '../store/lanes.ts';

/** Does work that may take longer than a lease, and keeps the lane meanwhile. */
export type HoldLane = <T>(lane: ClaimedLane, work: () => Promise<T>) => Promise<T>;

/**
 * Renews the lease at every `everyMs` until the work has ended. A lane that was lost all the same is noticed by the
 * worker, whose end of the claim then changes nothing.
 */
export function createHoldLane(deps: {
  readonly store: { renewLease(lane: ClaimedLane, leaseMs: number): Promise<boolean> };
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly everyMs: number;
}): HoldLane {
  const { store, clock, leaseMs, everyMs } = deps;

  return async (lane, work) => {
    const ended = new AbortController();
    const renew = async () => {
      for (;;) {
        await clock.sleep(everyMs, ended.signal);
        if (ended.signal.aborted || !(await store.renewLease(lane, leaseMs))) return;
      }
    };
    const renewing = renew();
    try {
      return await work();
    } finally {
      ended.abort();
      await renewing;
    }
  };
}
