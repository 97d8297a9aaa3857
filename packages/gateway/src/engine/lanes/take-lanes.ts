import type { ClaimLimits } from '../../store/lane-claims.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LanesInHand } from './lanes-in-hand.ts';
import { leaseMs } from './run-lane.ts';
import type { Waits } from './waits.ts';

export interface TakeLanesDeps {
  readonly store: StoreSlice<{ readonly lanes: 'claim' | 'nextDueInMs' }>;
  /** How many lanes may be worked on at once. Those that wait for something outside do not count. */
  readonly lanesMax: number;
  readonly waits: Pick<Waits, 'count'>;
  readonly inHand: Pick<LanesInHand, 'size' | 'fullParties'>;
}

/** Takes the lanes that a worker begins: as many as it has room for, and under load some of each party in turn. */
export interface LaneTaker {
  take(): Promise<readonly ClaimedLane[]>;
  /** Whether more lanes may be due than the last call could take. */
  isSaturated(): boolean;
  /** How long no lane is due that may be taken, in milliseconds. Null if that is not known. */
  restMs(): Promise<number | null>;
}

const jobsMax = 10;
/** Places for agents' replies beyond `lanesMax`: a reply need not wait until other work ends. */
export const reservedForReplies = 8;
/** The most lanes in hand, those that wait included. It bounds the memory that they take. */
export const inHandMax = 2_048;
/** How soon a worker looks again if it left out a party that has its share. */
const fullPartyMs = 50;

export function createLaneTaker({ store, lanesMax, waits, inHand }: TakeLanesDeps): LaneTaker {
  let isSaturated = false;

  return {
    async take() {
      // A lane may wait for several things at once.
      const waiting = Math.min(waits.count(), inHand.size());
      const room = Math.min(lanesMax + waiting, inHandMax) - inHand.size();
      const limits = limitsFor(room, inHand.fullParties(inHandMax), isSaturated);
      const lanes = limits === null ? [] : await store.lanes.claim({ ...limits, jobsMax, leaseMs });
      isSaturated = limits === null || limits.order === 'replies' || lanes.length === limits.lanesMax;
      return lanes;
    },
    isSaturated: () => isSaturated,
    async restMs() {
      if (isSaturated) return null;
      const dueMs = await store.lanes.nextDueInMs();
      return dueMs !== null && inHand.fullParties(inHandMax).length > 0 ? Math.max(dueMs, fullPartyMs) : dueMs;
    },
  };
}

/** What may be claimed if there is room for `room` lanes. Null if there is no room even for a reply. */
function limitsFor(
  room: number,
  without: readonly string[],
  isSaturated: boolean,
): Pick<ClaimLimits, 'lanesMax' | 'order' | 'without'> | null {
  if (room + reservedForReplies <= 0) return null;
  if (room <= 0) return { lanesMax: room + reservedForReplies, order: 'replies' };
  return isSaturated || without.length > 0
    ? { lanesMax: room, order: 'in-turn', without }
    : { lanesMax: room, order: 'first-due' };
}
