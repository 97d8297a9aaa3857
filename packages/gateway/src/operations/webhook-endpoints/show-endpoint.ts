import { eventTypes, type WebhookEndpoint } from '@chatferry/contract';
import type { WebhookEndpointRecord } from '../../store/webhook-endpoints.ts';
import { ApiError } from '../api-error.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** `waiting`: how many events are queued for it. */
export const showEndpoint = (record: WebhookEndpointRecord, waiting: number): WebhookEndpoint => ({
  id: record.id,
  workspace_id: record.workspaceId,
  url: record.url,
  description: record.description,
  types: record.types === null ? null : eventTypes.filter((type) => record.types?.includes(type)),
  channel_ids: record.channelIds === null ? null : [...record.channelIds],
  enabled: record.enabled,
  disabled_reason: record.disabledReason,
  disabled_at: record.disabledAt?.toISOString() ?? null,
  failing_since: record.failingSince?.toISOString() ?? null,
  last_failure: record.lastFailure,
  waiting,
  previous_secret_until: record.previousSecretUntil?.toISOString() ?? null,
  created_at: record.createdAt.toISOString(),
});

/** The endpoint with the number of events that are queued for it. */
export async function showCounted({ store }: WebhookDeps, record: WebhookEndpointRecord): Promise<WebhookEndpoint> {
  return showEndpoint(record, (await store.webhookQueue.count([record.id])).get(record.id) ?? 0);
}

/** Throws NOT_FOUND. */
export async function findEndpoint({ store }: WebhookDeps, id: string): Promise<WebhookEndpointRecord> {
  return assertEndpoint(await store.webhookEndpoints.read(id));
}

/** Throws NOT_FOUND. */
export function assertEndpoint(record: WebhookEndpointRecord | null): WebhookEndpointRecord {
  if (record) return record;
  throw new ApiError('NOT_FOUND', {
    message: 'There is no such webhook endpoint. GET /api/v1/webhook-endpoints lists them.',
  });
}
