import { webhookLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import type { FanOut } from '@chatferry/gateway/internal/store/webhook-queue';
import type { QueryBinder } from './bind-queries.ts';
import { enqueue, type MemoryDatabase } from './database.ts';

export function fanOutEvents(
  db: MemoryDatabase,
  epoch: number,
  { moves, events, leaseMs }: FanOut,
): ReadonlySet<string> {
  const moved = moves.filter(({ endpointId, before, round }) => {
    const endpoint = db.webhookEndpoints.get(endpointId);
    return endpoint?.enabled === true && endpoint.round === round && endpoint.cursor === before;
  });
  const ids = new Set(moved.map(({ endpointId }) => endpointId));
  for (const { endpointId, after } of moved) {
    const endpoint = db.webhookEndpoints.get(endpointId);
    if (endpoint) db.webhookEndpoints.set(endpointId, { ...endpoint, cursor: after });
  }
  const claimed = new Set<string>();
  for (const { endpointId, workspaceId, eventId, channelId, chatId, lease } of events) {
    if (!ids.has(endpointId)) continue;
    const round = db.webhookEndpoints.get(endpointId)?.round ?? 0;
    const key = webhookLaneKey(endpointId, channelId, chatId);
    const isNew = !db.lanes.has(key);
    enqueue(db, key, workspaceId, 'webhook', { endpointId, eventId, round });
    const lane = db.lanes.get(key);
    if (!isNew || lease === null || !lane) continue;
    Object.assign(lane, { lease, epoch, starts: 1, startedSeq: 1, runAtMs: db.nowMs() + leaseMs });
    claimed.add(lease);
  }
  return claimed;
}

const isOf = (endpointId: string, laneKey: string): boolean => laneKey.startsWith(`webhook:${endpointId}:`);

export function wakeEndpoint(db: MemoryDatabase, endpointId: string): number {
  let woken = 0;
  for (const [key, lane] of db.lanes) {
    if (!isOf(endpointId, key) || lane.lease !== null || lane.runAtMs <= db.nowMs()) continue;
    lane.runAtMs = db.nowMs();
    woken += 1;
  }
  return woken;
}

export const countQueuedEvents = (db: MemoryDatabase, endpointIds: readonly string[]): ReadonlyMap<string, number> =>
  new Map(
    endpointIds.map((id) => [
      id,
      [...db.jobs].reduce((count, [key, jobs]) => count + (isOf(id, key) ? jobs.length : 0), 0),
    ]),
  );

/** The queries of `store.webhookQueue` that the engine uses. */
export const webhookQueue = ({ bind, epoch }: QueryBinder) =>
  bind('webhookQueue', {
    fanOut: (db, fanOut: FanOut) => fanOutEvents(db, epoch, fanOut),
    wake: wakeEndpoint,
    count: countQueuedEvents,
  });
