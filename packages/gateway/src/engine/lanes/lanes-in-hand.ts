import type { ClaimedLane } from '../../store/lanes.ts';
import type { LeaseClock } from './lease-clock.ts';

/** The lanes that this process works on. */
export interface LanesInHand {
  /** The number of lanes, those whose lease is over included. */
  size(): number;
  /** Whether no lane is in hand. A lane whose lease is over does not count: it may never end. */
  isEmpty(): boolean;
  /** Whether a suspect is in hand. Nothing may be begun beside it. */
  hasSuspect(): boolean;
  add(lane: ClaimedLane, work: Promise<void>, options?: { readonly isSuspect: boolean }): void;
  /** Resolves when all have ended. */
  ended(): Promise<unknown>;
}

/** `work` of each lane must never reject. */
export function createLanesInHand(leases: LeaseClock): LanesInHand {
  const inHand = new Map<ClaimedLane, Promise<void>>();
  let suspect: ClaimedLane | null = null;
  const isHeld = (lane: ClaimedLane): boolean => inHand.has(lane) && !leases.mayBeOver(lane);

  return {
    size: () => inHand.size,
    isEmpty: () => ![...inHand.keys()].some(isHeld),
    hasSuspect: () => suspect !== null && isHeld(suspect),
    add(lane, work, { isSuspect } = { isSuspect: false }) {
      if (isSuspect) suspect = lane;
      inHand.set(lane, work);
      void work.then(() => inHand.delete(lane));
    },
    ended: () => Promise.all(inHand.values()),
  };
}
