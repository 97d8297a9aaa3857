import type { Pool } from 'pg';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';
import { type EventHeadPage, readEventHeads, readEventsById, readPlaceBefore, type StoredEvent } from './events.ts';
import { readWebhookEndpoints, type WebhookEndpointRecord } from './webhook-endpoints.ts';

/** The endpoints with these ids, in their order. Null where there is none. */
async function readEndpoints(db: Pool, ids: readonly string[]): Promise<readonly (WebhookEndpointRecord | null)[]> {
  const found = new Map((await readWebhookEndpoints(db, [...new Set(ids)])).map((record) => [record.id, record]));
  return ids.map((id) => found.get(id) ?? null);
}

/** The events with these ids, in their order. Null where the log has none, or not any more. */
async function readEvents(db: Pool, ids: readonly string[]): Promise<readonly (StoredEvent | null)[]> {
  const found = new Map((await readEventsById(db, [...new Set(ids)])).map((event) => [event.id, event]));
  return ids.map((id) => found.get(id) ?? null);
}

/** The queries of `store.webhookDue`: what the delivery of events reads. What is asked for at once is read together. */
export const webhookDue = (db: Pool, schedule: Schedule) => ({
  readEndpoint: createBatcher<string, WebhookEndpointRecord | null>({
    ...rowBatches((ids) => readEndpoints(db, ids)),
    schedule,
  }).submit,
  readEvent: createBatcher<string, StoredEvent | null>({
    ...rowBatches((ids) => readEvents(db, ids)),
    schedule,
  }).submit,
  readPage: (after: string | null, limit: number): Promise<EventHeadPage> => readEventHeads(db, after, limit),
  readPlaceBefore: (at: Date): Promise<string | null> => readPlaceBefore(db, at),
});
