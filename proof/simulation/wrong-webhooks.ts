import { readEventHeads } from '@chatferry/testkit/memory-store/events';
import type { History } from './history.ts';

/** I15: each event arrives at the backend of its workspace. I16: those of one chat arrive in the order of the log. */
export function wrongWebhooks({ world, backends }: History): readonly string[] {
  const { db } = world;
  const { events } = readEventHeads(db, null, Number.POSITIVE_INFINITY);
  return [...db.webhookEndpoints.values()].flatMap((endpoint) => {
    const firstOf = new Map<string, number>();
    for (const [index, { endpointId, eventId }] of backends.arrivals.entries()) {
      if (endpointId === endpoint.id && !firstOf.has(eventId)) firstOf.set(eventId, index);
    }
    const newest = new Map<string, number>();
    return events.flatMap(({ id, type, workspaceId, channelId, chatId }) => {
      const first = firstOf.get(id);
      if (workspaceId !== endpoint.workspaceId) {
        return first === undefined ? [] : [`I15: ${id} (${type}) arrived at another workspace`];
      }
      if (first === undefined) return [`I15: ${id} (${type}) of ${channelId}:${chatId} did not arrive`];
      const lane = `${channelId}:${chatId}`;
      const isLate = first < (newest.get(lane) ?? -1);
      newest.set(lane, Math.max(first, newest.get(lane) ?? -1));
      return isLate ? [`I16: ${id} (${type}) was overtaken in ${lane}`] : [];
    });
  });
}
