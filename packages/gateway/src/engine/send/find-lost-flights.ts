import type { OwnFlight } from '../../store/flights.ts';

/**
 * Finds flights that this process owns, and that none of its deliveries works on: an intent was stored and the answer was
 * lost with its connection, or a delivery crashed. Such a flight would block its chat for as long as the process lives. A flight counts as
 * lost when two looks in a row find it so, since it may just have begun or ended while the store was asked.
 */
export function createFindLostFlights(deps: {
  readonly readOwnFlights: () => Promise<readonly OwnFlight[]>;
  /** The deliveries under way in this process. Another one to the same chat proves nothing: it may wait for the lost one. */
  readonly requestsUnderWay: () => ReadonlySet<string>;
  /** Whether results wait for the store. Their flights are not lost. */
  readonly isRetrying: () => boolean;
}): () => Promise<readonly number[]> {
  const { readOwnFlights, requestsUnderWay, isRetrying } = deps;
  let suspects: ReadonlySet<number> = new Set();
  return async () => {
    const flights = await readOwnFlights();
    const held = requestsUnderWay();
    const unheld = isRetrying()
      ? []
      : flights.filter(({ requestId }) => !held.has(requestId)).map(({ messageId }) => messageId);
    const lost = unheld.filter((messageId) => suspects.has(messageId));
    suspects = new Set(unheld);
    return lost;
  };
}
