import type { StoredEvent } from '@chatferry/gateway/internal/store/events';
import { webhookLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import type { AttemptedDelivery, WebhookDeliveryRecord } from '@chatferry/gateway/internal/store/webhook-deliveries';
import {
  failingDaysMax,
  type ListeningEndpoint,
  type WebhookEndpointRecord,
} from '@chatferry/gateway/internal/store/webhook-endpoints';
import type { FanOut } from '@chatferry/gateway/internal/store/webhook-queue';
import type { QueryBinder } from './bind-queries.ts';
import { enqueue, type MemoryDatabase } from './database.ts';
import { readEventHeads, readEventsById } from './events.ts';

export const listEnabledEndpoints = (db: MemoryDatabase): readonly ListeningEndpoint[] =>
  [...db.webhookEndpoints.values()].filter(({ enabled }) => enabled);

export const readEndpoint = (db: MemoryDatabase, id: string): WebhookEndpointRecord | null =>
  db.webhookEndpoints.get(id) ?? null;

export function recordEndpointSuccess(db: MemoryDatabase, id: string): number {
  const endpoint = db.webhookEndpoints.get(id);
  if (!endpoint) return 0;
  db.webhookEndpoints.set(id, { ...endpoint, failures: 0, failingSince: null });
  return endpoint.failures;
}

export function recordEndpointFailure(
  db: MemoryDatabase,
  id: string,
  { detail, isGone }: { readonly detail: string; readonly isGone: boolean },
): boolean {
  const endpoint = db.webhookEndpoints.get(id);
  if (!endpoint?.enabled) return false;
  const nowMs = db.nowMs();
  const since = endpoint.failingSince;
  const isFailing = since !== null && since.getTime() < nowMs - failingDaysMax * 86_400_000;
  const reason = isGone ? 'gone' : isFailing ? 'failing' : null;
  db.webhookEndpoints.set(id, {
    ...endpoint,
    failures: endpoint.failures + 1,
    failingSince: since ?? new Date(nowMs),
    lastFailure: detail,
    enabled: reason === null,
    disabledReason: reason,
    disabledAt: reason === null ? null : new Date(nowMs),
  });
  return reason !== null;
}

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

export function recordWebhookAttempt(db: MemoryDatabase, { attempt, ...row }: AttemptedDelivery): true {
  if (!db.webhookEndpoints.has(row.endpointId)) return true;
  const key = `${row.endpointId} ${row.eventId}`;
  const attempts = [...(db.webhookDeliveries.get(key)?.attempts ?? []), attempt].slice(-20);
  const delivery: WebhookDeliveryRecord = { ...row, nextAttemptAt: null, attempts };
  db.webhookDeliveries.set(key, delivery);
  return true;
}

/** The queries of `store.webhookEndpoints` that the engine uses. */
export const webhookEndpoints = ({ bind }: QueryBinder) =>
  bind('webhookEndpoints', {
    listEnabled: listEnabledEndpoints,
    recordSuccess: recordEndpointSuccess,
    recordFailure: recordEndpointFailure,
  });

/** The queries of `store.webhookQueue` that the engine uses. */
export const webhookQueue = ({ bind, epoch }: QueryBinder) =>
  bind('webhookQueue', {
    fanOut: (db, fanOut: FanOut) => fanOutEvents(db, epoch, fanOut),
    wake: wakeEndpoint,
    count: countQueuedEvents,
  });

/** The queries of `store.webhookDeliveries` that the engine uses. */
export const webhookDeliveries = ({ bind }: QueryBinder) => bind('webhookDeliveries', { record: recordWebhookAttempt });

/** The queries of `store.webhookDue` that the engine uses. */
export const webhookDue = ({ bind }: QueryBinder) =>
  bind('webhookDue', {
    readEndpoint,
    readEvent: (db, id: string): StoredEvent | null => readEventsById(db, [id])[0] ?? null,
    readPage: readEventHeads,
  });
