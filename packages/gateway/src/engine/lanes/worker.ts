import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import { createPoisonJobs } from './poison-jobs.ts';
import { leaseMs, type RunLaneDeps, runLane } from './run-lane.ts';

export type LaneStore = RunLaneDeps['store'] &
  StoreSlice<{ readonly lanes: 'claim' | 'release' | 'renewLease' | 'finish' | 'nextDueInMs' }>;

export interface WorkerDeps extends Omit<RunLaneDeps, 'store' | 'poisonJobs' | 'onDead'> {
  readonly store: LaneStore;
  /** How many lanes it works on at once. */
  readonly lanesMax: number;
  /** Called after a job was given up and waits for a person. */
  readonly onDead?: () => void;
}

export interface Worker {
  /** There may be work now. A hint only: the worker also polls. */
  wake(): void;
  /** Runs until `signal` is aborted and the claimed lanes are finished. Rejects when the store fails. */
  run(signal: AbortSignal): Promise<void>;
}

const jobsMax = 10;
/** The worker sees work that another process queued after this time at the latest. */
const pollMs = 500;

export function createWorker(deps: WorkerDeps): Worker {
  const { store, clock, lanesMax } = deps;
  const laneDeps: RunLaneDeps = { ...deps, poisonJobs: createPoisonJobs(), onDead: deps.onDead ?? (() => undefined) };
  const inHand = new Set<Promise<void>>();
  let nap = new AbortController();
  let isWoken = false;
  let failures: unknown[] = [];

  const wake = () => {
    isWoken = true;
    // An abort with a reason of its own creates no exception. This runs for every send.
    nap.abort(null);
  };

  const startLane = (lane: ClaimedLane, claimedAtMs: number) => {
    const work = runLane(laneDeps, lane, claimedAtMs)
      .catch((cause: unknown) => void failures.push(cause))
      .finally(() => {
        inHand.delete(work);
        wake();
      });
    inHand.add(work);
  };

  /** One round: claims what is due, or sleeps until there may be work. */
  const claimOrSleep = async (signal: AbortSignal) => {
    isWoken = false;
    const askedAtMs = clock.monotonicMs();
    const free = lanesMax - inHand.size;
    const lanes = free > 0 ? await store.lanes.claim({ lanesMax: free, jobsMax, leaseMs }) : [];
    for (const lane of lanes) startLane(lane, askedAtMs);
    if (lanes.length > 0 || isWoken || signal.aborted) return;
    nap = new AbortController();
    const dueMs = inHand.size < lanesMax ? await store.lanes.nextDueInMs() : null;
    if (!isWoken && !signal.aborted) await clock.sleep(Math.min(pollMs, dueMs ?? pollMs), nap.signal);
  };

  return {
    wake,
    async run(signal) {
      failures = [];
      const stop = () => nap.abort(null);
      signal.addEventListener('abort', stop);
      try {
        // After a failure of the store its last claims would stay until their leases end.
        await store.lanes.release();
        while (!signal.aborted && failures.length === 0) await claimOrSleep(signal);
      } finally {
        signal.removeEventListener('abort', stop);
        await Promise.all(inHand);
      }
      if (failures.length > 0) throw new Error('the store failed while the worker ran', { cause: failures[0] });
    },
  };
}
