import type { AttemptedDelivery, WebhookDeliveryRecord } from '@chatferry/gateway/internal/store/webhook-deliveries';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';

export function recordWebhookAttempt(db: MemoryDatabase, { attempt, ...row }: AttemptedDelivery): true {
  if (!db.webhookEndpoints.has(row.endpointId)) return true;
  const key = `${row.endpointId} ${row.eventId}`;
  const attempts = [...(db.webhookDeliveries.get(key)?.attempts ?? []), attempt].slice(-20);
  const delivery: WebhookDeliveryRecord = { ...row, nextAttemptAt: null, attempts };
  db.webhookDeliveries.set(key, delivery);
  return true;
}

/** The queries of `store.webhookDeliveries` that the engine uses. */
export const webhookDeliveries = ({ bind }: QueryBinder) => bind('webhookDeliveries', { record: recordWebhookAttempt });
