import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LeaseClock } from './lease-clock.ts';

/** Does work that may take longer than a lease, and keeps the lane meanwhile. */
export type HoldLane = <T>(lane: ClaimedLane, work: () => Promise<T>) => Promise<T>;

/**
 * Renews the lease at every `everyMs` until the work has ended. A lane that was lost all the same is noticed by the
 * worker, whose end of the claim then changes nothing. Where the store fails, the work goes on and the next beat asks again.
 */
export function createHoldLane(deps: {
  readonly store: StoreSlice<{ readonly lanes: 'renewLease' }>;
  readonly clock: Clock;
  readonly leases: LeaseClock;
  readonly leaseMs: number;
  readonly everyMs: number;
}): HoldLane {
  const { store, clock, leases, leaseMs, everyMs } = deps;

  return async (lane, work) => {
    const ended = new AbortController();
    // Nobody waits for a renewal before the work has ended: as a rejection it would end the process.
    const isLost = () => {
      const askedMs = clock.monotonicMs();
      return store.lanes.renewLease(lane, leaseMs).then(
        (held) => {
          if (held) leases.began(lane, askedMs);
          return !held;
        },
        () => false,
      );
    };
    const renew = async () => {
      for (;;) {
        await clock.sleep(everyMs, ended.signal);
        if (ended.signal.aborted || (await isLost())) return;
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
