import type { StoredEvent } from '@chatferry/gateway/internal/store/events';
import type { WebhookEndpointRecord } from '@chatferry/gateway/internal/store/webhook-endpoints';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';
import { readEventHeads, readEventsById } from './events.ts';

export const readEndpoint = (db: MemoryDatabase, id: string): WebhookEndpointRecord | null =>
  db.webhookEndpoints.get(id) ?? null;

/** The queries of `store.webhookDue` that the engine uses. */
export const webhookDue = ({ bind }: QueryBinder) =>
  bind('webhookDue', {
    readEndpoint,
    readEvent: (db, id: string): StoredEvent | null => readEventsById(db, [id])[0] ?? null,
    readPage: readEventHeads,
  });
