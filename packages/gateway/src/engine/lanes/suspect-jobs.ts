import type { Clock } from '../../ports/clock.ts';
import { type ClaimedLane, suspectAfter } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

/**
 * How often a suspect is started alone. A process may be killed from outside while an innocent suspect runs alone in it; that
 * this happens to the same job several times in a row is unlikely.
 */
const startsAlone = 3;

/** A job that was started this often without an end is not started again. */
export const startsMax: number = suspectAfter + startsAlone;

/** Why the first job of the lane must not be started again. Null if it may. */
export function reasonToGiveUp({ starts }: ClaimedLane): string | null {
  return starts <= startsMax
    ? null
    : `it was started ${startsMax} times, and each time its process died or hung before it ended; the last ${startsAlone} times nothing else ran there`;
}

/** How often a worker looks for suspects. */
const everyMs = 2_000;

export interface SuspectJobs {
  /** Whether a suspect is due. Asks the store at most every two seconds. */
  isDue(): Promise<boolean>;
  /** Claims the lane of one suspect. Null if another process was faster. */
  claim(leaseMs: number): Promise<ClaimedLane | null>;
}

export type SuspectStore = StoreSlice<{ readonly lanes: 'isSuspectDue' | 'claimSuspect' }>;

/**
 * Finds suspects: jobs that were begun several times in processes that died or hung. All jobs that run in a process are
 * under suspicion when it dies. Each suspect is begun alone, so that the innocent ones end, and only the one that is to
 * blame is given up.
 */
export function createSuspectJobs({ lanes }: SuspectStore, clock: Clock): SuspectJobs {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isDue = false;

  return {
    async isDue() {
      if (isDue || clock.monotonicMs() - lookedAtMs < everyMs) return isDue;
      lookedAtMs = clock.monotonicMs();
      isDue = await lanes.isSuspectDue();
      return isDue;
    },
    async claim(leaseMs) {
      const lane = await lanes.claimSuspect(leaseMs);
      // After each suspect the other lanes have a turn, until the next look.
      isDue = false;
      return lane;
    },
  };
}
