import { type JobBoard, noJobBoard } from '../../ports/job-board.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import { createLanesInHand } from './lanes-in-hand.ts';
import { createPoisonJobs } from './poison-jobs.ts';
import { leaseMs, type RunLaneDeps, runLane } from './run-lane.ts';
import { createSuspectJobs, type SuspectStore } from './suspect-jobs.ts';

export type LaneStore = RunLaneDeps['store'] &
  SuspectStore &
  StoreSlice<{ readonly lanes: 'claim' | 'release' | 'renewLease' | 'finish' | 'nextDueInMs' }>;

export interface WorkerDeps extends Omit<RunLaneDeps, 'store' | 'poisonJobs' | 'onDead' | 'jobBoard'> {
  readonly store: LaneStore;
  /** How many lanes it works on at once. */
  readonly lanesMax: number;
  readonly jobBoard?: JobBoard;
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
  const { onDead = () => undefined, jobBoard = noJobBoard } = deps;
  const laneDeps: RunLaneDeps = { ...deps, poisonJobs: createPoisonJobs(), jobBoard, onDead };
  const inHand = createLanesInHand(deps.leases);
  const suspects = createSuspectJobs(store, clock);
  let nap = new AbortController();
  let isWoken = false;
  let failures: unknown[] = [];

  const wake = () => {
    isWoken = true;
    // An abort with a reason of its own creates no exception. This runs for every send.
    nap.abort(null);
  };

  const startLane = (lane: ClaimedLane, claimedAtMs: number, isSuspect: boolean) => {
    const work = runLane(laneDeps, lane, claimedAtMs).catch((cause: unknown) => void failures.push(cause));
    inHand.add(lane, work, { isSuspect });
    void work.then(wake);
  };

  /** Claims what may begin now. Null while everything waits for a suspect, which runs alone. */
  const claim = async (): Promise<readonly ClaimedLane[] | null> => {
    const askedAtMs = clock.monotonicMs();
    if (inHand.hasSuspect()) return null;
    const isForSuspect = await suspects.isDue();
    if (isForSuspect && !inHand.isEmpty()) return null;
    const suspect = isForSuspect ? await suspects.claim(leaseMs) : null;
    if (suspect !== null) {
      const { key, starts } = suspect;
      deps.log.warn('job.suspected', { lane: key, seq: suspect.jobs[0]?.seq, starts });
      startLane(suspect, askedAtMs, true);
      return [suspect];
    }
    const free = lanesMax - inHand.size();
    const lanes = free > 0 ? await store.lanes.claim({ lanesMax: free, jobsMax, leaseMs }) : [];
    for (const lane of lanes) startLane(lane, askedAtMs, false);
    return lanes;
  };

  /** One round: claims what is due, or sleeps until there may be work. */
  const claimOrSleep = async (signal: AbortSignal) => {
    isWoken = false;
    const lanes = await claim();
    if ((lanes !== null && lanes.length > 0) || isWoken || signal.aborted) return;
    nap = new AbortController();
    const dueMs = lanes !== null && inHand.size() < lanesMax ? await store.lanes.nextDueInMs() : null;
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
        await inHand.ended();
      }
      if (failures.length > 0) throw new Error('the store failed while the worker ran', { cause: failures[0] });
    },
  };
}
