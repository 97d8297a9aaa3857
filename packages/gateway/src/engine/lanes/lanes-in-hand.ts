import type { ClaimedLane } from '../../store/lanes.ts';
import type { LeaseClock } from './lease-clock.ts';

/** The lanes that this process works on. */
export interface LanesInHand {
  /** The number of lanes, those whose lease is over included. */
  size(): number;
  /** The parties that have their share of `sizeMax` lanes: no more of theirs may be begun. */
  fullParties(sizeMax: number): readonly string[];
  /** How many more lanes of a party may be begun: none if it has its share of `sizeMax` lanes. */
  room(party: string, sizeMax: number): number;
  /** Whether no lane is in hand. A lane whose lease is over does not count: it may never end. */
  isEmpty(): boolean;
  /** Whether a suspect is in hand. Nothing may be begun beside it. */
  hasSuspect(): boolean;
  add(lane: ClaimedLane, work: Promise<void>, options?: { readonly isSuspect: boolean }): void;
  /** Resolves when all have ended. */
  ended(): Promise<unknown>;
}

/** Each party may have this many lanes in hand, whatever the others have. */
const partyMin = 16;

/**
 * The requests to one webhook endpoint at once. An endpoint that hangs takes fifteen seconds for each, and endpoints are
 * made by tenants, in any number.
 */
const endpointMax = 32;

/** A party takes no more than half of the places that the others leave. So there is always room for one more party. */
const shareOf = (sizeMax: number, size: number): number => Math.max(partyMin, (sizeMax - size) / 2);

const mostOf = (party: string, share: number): number =>
  party.startsWith('webhook:') ? Math.min(endpointMax, share) : share;

/** `work` of each lane must never reject. */
export function createLanesInHand(leases: LeaseClock): LanesInHand {
  const inHand = new Map<ClaimedLane, Promise<void>>();
  const sizes = new Map<string, number>();
  let suspect: ClaimedLane | null = null;
  const addTo = (party: string, count: number): void => {
    const size = (sizes.get(party) ?? 0) + count;
    if (size > 0) sizes.set(party, size);
    else sizes.delete(party);
  };
  const isHeld = (lane: ClaimedLane): boolean => inHand.has(lane) && !leases.mayBeOver(lane);

  return {
    size: () => inHand.size,
    fullParties(sizeMax) {
      const share = shareOf(sizeMax, inHand.size);
      return [...sizes].flatMap(([party, size]) => (size >= mostOf(party, share) ? [party] : []));
    },
    room(party, sizeMax) {
      const size = inHand.size;
      return Math.max(0, Math.floor(mostOf(party, shareOf(sizeMax, size))) - (sizes.get(party) ?? 0));
    },
    isEmpty: () => ![...inHand.keys()].some(isHeld),
    hasSuspect: () => suspect !== null && isHeld(suspect),
    add(lane, work, { isSuspect } = { isSuspect: false }) {
      if (isSuspect) suspect = lane;
      inHand.set(lane, work);
      addTo(lane.party, 1);
      void work.then(() => {
        inHand.delete(lane);
        addTo(lane.party, -1);
      });
    },
    ended: () => Promise.all(inHand.values()),
  };
}
