import type { Input, Output } from '@chatferry/contract';
import { queuedMax } from '../../engine/webhooks/endpoint-room.ts';
import type { StoredEvent } from '../../store/events.ts';
import type { WebhookEndpointRecord } from '../../store/webhook-endpoints.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { findEndpoint } from './show-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

export async function replayWebhookEvents(
  deps: WebhookDeps,
  _context: RequestContext,
  { params, body }: Input<'replayWebhookEvents'>,
): Promise<Output<'replayWebhookEvents'>> {
  const endpoint = await findEndpoint(deps, params.endpoint_id);
  if (!endpoint.enabled) {
    throw invalidValue('#/params/endpoint_id', 'The endpoint is disabled. Enable it first, then replay.');
  }
  const started = 'since' in body ? await goBack(deps, endpoint, body.since) : await queueAgain(deps, endpoint, body);
  deps.onDue();
  return started;
}

async function goBack(
  { store }: WebhookDeps,
  { id }: WebhookEndpointRecord,
  since: string,
): Promise<Output<'replayWebhookEvents'>> {
  const cursor = await store.webhookDue.readPlaceBefore(new Date(since));
  await store.webhookEndpoints.moveCursor(id, { cursor, keptTo: cursor ?? '', isBack: true });
  // What waits is read from the log again. Its jobs end when they run.
  await store.webhookQueue.wake(id);
  return { queued: null, not_found: [] };
}

const queueIsFull = `The endpoint has ${queuedMax} events or more that wait. Replay when fewer wait, or with \`since\`, which reads them from the log one after another.`;

async function queueAgain(
  { store }: WebhookDeps,
  { id, workspaceId }: WebhookEndpointRecord,
  { event_ids }: { readonly event_ids: readonly string[] },
): Promise<Output<'replayWebhookEvents'>> {
  const waiting = (await store.webhookQueue.count([id])).get(id) ?? 0;
  if (waiting >= queuedMax) throw new ApiError('RATE_LIMITED', { message: queueIsFull, retryAfterMs: 10_000 });
  const ids = [...new Set(event_ids)].sort();
  const found = await Promise.all(ids.map((eventId) => store.webhookDue.readEvent(eventId)));
  const events = found.filter((event): event is StoredEvent => event?.workspaceId === workspaceId);
  const known = new Set(events.map((event) => event.id));
  const queued = await store.webhookQueue.again(
    events.map(({ id: eventId, channelId, chatId }) => ({ endpointId: id, workspaceId, eventId, channelId, chatId })),
  );
  return { queued, not_found: ids.filter((eventId) => !known.has(eventId)) };
}
