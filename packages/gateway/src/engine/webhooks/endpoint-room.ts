import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { ListeningEndpoint } from '../../store/webhook-endpoints.ts';

/** The most events that are queued for one endpoint. Beyond it the endpoint waits at its place in the log. */
export const queuedMax = 1_000;
/** An endpoint whose queue is full is counted again after this time at the earliest. */
const recountMs = 1_000;

export interface EndpointRoomDeps {
  readonly store: StoreSlice<{ readonly webhookQueue: 'count' }>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** How many more events may be queued for each endpoint. */
export interface EndpointRoom {
  /** The endpoints that have room. Counts what is queued only for those whose room may be used up. */
  withRoom(endpoints: readonly ListeningEndpoint[]): Promise<readonly ListeningEndpoint[]>;
  of(endpointId: string): number;
  /** Events were queued. */
  take(endpointId: string, count: number): void;
  /** There was more than room. */
  recordFull(endpointId: string): void;
}

interface Room {
  left: number;
  countedAtMs: number;
}

/**
 * What is left is an estimate that is never too high: deliveries since the last count are not seen. So a count is needed
 * only when it is used up.
 */
export function createRoom({ store, clock }: EndpointRoomDeps): EndpointRoom {
  let rooms = new Map<string, Room>();
  return {
    async withRoom(endpoints) {
      const nowMs = clock.monotonicMs();
      // Endpoints that are gone are forgotten.
      rooms = new Map(endpoints.flatMap(({ id }) => (rooms.has(id) ? [[id, rooms.get(id) as Room]] : [])));
      const uncounted = endpoints.filter(({ id }) => {
        const room = rooms.get(id);
        return room === undefined || (room.left <= 0 && nowMs - room.countedAtMs >= recountMs);
      });
      if (uncounted.length > 0) {
        const counts = await store.webhookQueue.count(uncounted.map(({ id }) => id));
        for (const { id } of uncounted) rooms.set(id, { left: queuedMax - (counts.get(id) ?? 0), countedAtMs: nowMs });
      }
      return endpoints.filter(({ id }) => (rooms.get(id)?.left ?? 0) > 0);
    },
    of: (endpointId) => rooms.get(endpointId)?.left ?? 0,
    take(endpointId, count) {
      const room = rooms.get(endpointId);
      if (room) room.left -= count;
    },
    recordFull(endpointId) {
      const room = rooms.get(endpointId);
      if (room) room.left = 0;
    },
  };
}
