import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LeaseClock } from './lease-clock.ts';

export interface RenewLeaseDeps {
  readonly store: StoreSlice<{ readonly lanes: 'renewLease' }>;
  readonly clock: Clock;
  readonly leases: LeaseClock;
  readonly leaseMs: number;
  readonly everyMs: number;
}

/** `renewLeaseWhile`, with its dependencies bound. */
export type RenewLeaseWhile = <T>(lane: ClaimedLane, work: () => Promise<T>) => Promise<T>;

/**
 * Does work that may take longer than a lease, and renews the lease every `everyMs` until the work has ended. If the lane is
 * lost nevertheless, the worker notices it: its end of the claim changes nothing then. If the store fails, the work
 * continues and the next renewal asks again.
 */
export async function renewLeaseWhile<T>(deps: RenewLeaseDeps, lane: ClaimedLane, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const renewing = renewUntil(deps, lane, ended.signal);
  try {
    return await work();
  } finally {
    ended.abort();
    await renewing;
  }
}

async function renewUntil(deps: RenewLeaseDeps, lane: ClaimedLane, ended: AbortSignal): Promise<void> {
  for (;;) {
    await deps.clock.sleep(deps.everyMs, ended);
    if (ended.aborted || (await isLost(deps, lane))) return;
  }
}

/** Never rejects: the work awaits the renewals only at its end, so a rejection would end the process. */
async function isLost({ store, clock, leases, leaseMs }: RenewLeaseDeps, lane: ClaimedLane): Promise<boolean> {
  const askedAtMs = clock.monotonicMs();
  try {
    if (!(await store.lanes.renewLease(lane, leaseMs))) return true;
    leases.recordGrant(lane, askedAtMs);
    return false;
  } catch {
    return false;
  }
}
