import type { Input, Output, WebhookAttempt, WebhookDelivery } from '@chatferry/contract';
import { isEventId } from '../../store/event-ids.ts';
import type { WebhookAttemptRecord, WebhookDeliveryRecord } from '../../store/webhook-deliveries.ts';
import type { RequestContext } from '../context.ts';
import { invalidCursor } from '../cut-page.ts';
import { findEndpoint } from './show-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** The cursor is the id of the last event of the page before. */
export async function listWebhookDeliveries(
  deps: WebhookDeps,
  _context: RequestContext,
  { params, query }: Input<'listWebhookDeliveries'>,
): Promise<Output<'listWebhookDeliveries'>> {
  const { store } = deps;
  if (query.cursor !== undefined && !isEventId(query.cursor)) throw invalidCursor();
  await findEndpoint(deps, params.endpoint_id);
  const records = await store.webhookDeliveries.list({
    endpointId: params.endpoint_id,
    state: query.state,
    eventId: query.event_id,
    before: query.cursor,
    limit: query.limit + 1,
  });
  const data = await Promise.all(records.slice(0, query.limit).map((record) => showDelivery(deps, record)));
  return { data, next_cursor: records.length > query.limit ? (data.at(-1)?.event_id ?? null) : null };
}

async function showDelivery(
  { store, showEvent }: WebhookDeps,
  record: WebhookDeliveryRecord,
): Promise<WebhookDelivery> {
  const event = await store.webhookDue.readEvent(record.eventId);
  return {
    event_id: record.eventId,
    type: record.type,
    channel_id: record.channelId,
    chat_id: record.chatId,
    message_id: record.messageId,
    state: record.state,
    next_attempt_at: record.nextAttemptAt?.toISOString() ?? null,
    attempts: record.attempts.map(showAttempt),
    event: event === null ? null : showEvent(event),
  };
}

export const showAttempt = (attempt: WebhookAttemptRecord): WebhookAttempt => ({
  at: attempt.at,
  duration_ms: attempt.durationMs,
  delivered: attempt.error === null,
  request: { headers: { ...attempt.headers } },
  response: attempt.answer === null ? null : { ...attempt.answer, headers: { ...attempt.answer.headers } },
  error: attempt.error,
});
