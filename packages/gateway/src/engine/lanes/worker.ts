import { type JobBoard, noJobBoard } from '../../ports/job-board.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import { createLanesInHand, type LanesInHand } from './lanes-in-hand.ts';
import { createNap } from './nap.ts';
import { createPoisonJobs } from './poison-jobs.ts';
import { leaseMs, type RunLaneDeps, runLane } from './run-lane.ts';
import { createSuspectJobs, type SuspectJobs, type SuspectStore } from './suspect-jobs.ts';
import { createLaneTaker, inHandMax } from './take-lanes.ts';
import type { Waits } from './waits.ts';

export type LaneStore = RunLaneDeps['store'] &
  SuspectStore &
  StoreSlice<{ readonly lanes: 'claim' | 'release' | 'excuse' | 'renewLease' | 'finish' | 'nextDueInMs' }>;

type OwnParts = 'store' | 'poisonJobs' | 'onDead' | 'jobBoard';

export interface WorkerDeps extends Omit<RunLaneDeps, OwnParts> {
  readonly store: LaneStore;
  /** How many lanes it works on at once. Those that wait for something outside do not count. */
  readonly lanesMax: number;
  /** What the jobs wait for. */
  readonly waits: Pick<Waits, 'count' | 'onBegin'>;
  readonly jobBoard?: JobBoard;
  /** Called after a job was given up and waits for a person. */
  readonly onDead?: () => void;
}

export interface Worker {
  /** There may be work now. A hint only: the worker also polls. */
  wake(): void;
  /**
   * How many lanes of a party may be begun now that were claimed when they were made. None while a suspect runs or waits
   * for its turn.
   */
  room(party: string): number;
  /** Begins lanes that this process claimed at `claimedAtMs`, on the monotonic clock. */
  begin(lanes: readonly ClaimedLane[], claimedAtMs: number): void;
  /** Runs until `signal` is aborted and the claimed lanes are finished. Rejects when the store fails. */
  run(signal: AbortSignal): Promise<void>;
}

/** The worker sees work that another process queued after this time at the latest. */
const pollMs = 500;

/** The suspect that runs next. `wait`: it runs alone, so it waits for other lanes, or other lanes wait for it. */
async function takeSuspect(
  { log }: Pick<WorkerDeps, 'log'>,
  suspects: SuspectJobs,
  inHand: LanesInHand,
): Promise<ClaimedLane | 'wait' | null> {
  if (inHand.hasSuspect()) return 'wait';
  if (!(await suspects.isDue())) return null;
  if (!inHand.isEmpty()) return 'wait';
  const suspect = await suspects.claim(leaseMs);
  if (suspect === null) return null;
  const { key, starts, jobs } = suspect;
  log.warn('job.suspected', { lane: key, seq: jobs[0]?.seq, starts });
  return suspect;
}

/** Another process may begin the lane at once. If the store is down, it is due when the lease ends. */
function giveBack({ store, log }: Pick<WorkerDeps, 'store' | 'log'>, lane: ClaimedLane): void {
  store.lanes.finish(lane, { doneSeq: null, delayMs: 0, isFailure: false }).catch((err: unknown) => {
    log.warn('lane.kept', { err, lane: lane.key });
  });
}

export function createWorker(deps: WorkerDeps): Worker {
  const { store, clock, waits, onDead = () => undefined, jobBoard = noJobBoard } = deps;
  const inHand = createLanesInHand(deps.leases);
  const taker = createLaneTaker({ ...deps, inHand });
  const suspects = createSuspectJobs(store, clock);
  const nap = createNap(clock);
  /** Whether lanes may be begun: it runs, and no suspect is to run alone. */
  let isOpen = false;
  let failures: unknown[] = [];

  const laneDeps: RunLaneDeps = { ...deps, poisonJobs: createPoisonJobs(), jobBoard, onDead };
  // A lane that begins to wait makes room for another one.
  waits.onBegin(() => {
    if (taker.isSaturated()) nap.wake();
  });

  const startLane = (lane: ClaimedLane, claimedAtMs: number, isSuspect: boolean) => {
    const work = runLane(laneDeps, lane, claimedAtMs).catch((cause: unknown) => void failures.push(cause));
    inHand.add(lane, work, { isSuspect });
    void work.then(nap.wake);
  };

  /** Claims what may begin now. Null while everything waits for a suspect, which runs alone. */
  const claim = async (): Promise<readonly ClaimedLane[] | null> => {
    const askedAtMs = clock.monotonicMs();
    const suspect = await takeSuspect(deps, suspects, inHand);
    isOpen = suspect === null;
    if (suspect === 'wait') return null;
    if (suspect !== null) {
      startLane(suspect, askedAtMs, true);
      return [suspect];
    }
    const lanes = await taker.take();
    for (const lane of lanes) startLane(lane, askedAtMs, false);
    return lanes;
  };

  /** One round: claims what is due, or sleeps until there may be work. */
  const claimOrSleep = async (signal: AbortSignal) => {
    nap.forget();
    deps.outages.wakeAgain();
    const lanes = await claim();
    if (lanes !== null && lanes.length > 0) return;
    await nap.sleep(async () => Math.min(pollMs, (lanes === null ? null : await taker.restMs()) ?? pollMs), signal);
  };

  return {
    wake: nap.wake,
    room: (party) => (isOpen ? inHand.room(party, inHandMax) : 0),
    begin(lanes, claimedAtMs) {
      for (const lane of lanes) {
        if (isOpen) startLane(lane, claimedAtMs, false);
        else giveBack(deps, lane);
      }
    },
    async run(signal) {
      failures = [];
      signal.addEventListener('abort', nap.end);
      try {
        // After a failure of the store its last claims would stay until their leases end.
        await store.lanes.release();
        while (!signal.aborted && failures.length === 0) await claimOrSleep(signal);
      } finally {
        isOpen = false;
        signal.removeEventListener('abort', nap.end);
        // It may be killed while the last jobs wait for a provider. If the store is down, its starts are counted.
        await store.lanes.excuse().catch(() => undefined);
        await inHand.ended();
      }
      if (failures.length > 0) throw new Error('the store failed while the worker ran', { cause: failures[0] });
    },
  };
}
