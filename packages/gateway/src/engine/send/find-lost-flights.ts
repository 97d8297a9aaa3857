import type { OwnFlight } from '../../store/flights.ts';

/**
 * Finds flights of this process that nobody in it holds: an intent was stored and the answer got lost with its connection, or
 * a delivery crashed. Without this they would hold their chats' lanes for as long as the process lives. A flight counts as
 * lost when it is seen so twice in a row, since it may just have begun or ended while the store was asked.
 */
export function createFindLostFlights(deps: {
  readonly readOwnFlights: () => Promise<readonly OwnFlight[]>;
  /** The deliveries under way in this process. Another one to the same chat says nothing: it may be waiting for the lost one. */
  readonly requestsUnderWay: () => ReadonlySet<string>;
  /** Whether results that could not be stored yet still wait: their flights are in good hands. */
  readonly isInsisting: () => boolean;
}): () => Promise<readonly number[]> {
  const { readOwnFlights, requestsUnderWay, isInsisting } = deps;
  let suspects: ReadonlySet<number> = new Set();
  return async () => {
    const flights = await readOwnFlights();
    const held = requestsUnderWay();
    const unheld = isInsisting()
      ? []
      : flights.filter(({ requestId }) => !held.has(requestId)).map(({ messageId }) => messageId);
    const lost = unheld.filter((messageId) => suspects.has(messageId));
    suspects = new Set(unheld);
    return lost;
  };
}
