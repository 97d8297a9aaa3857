import { channelName, eventSentences, type Input, type Output, type TimelineEntry } from '@chatferry/contract';
import { wordsOfMessage } from '../../core/inbox/excerpt.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { MessageEvent, ReplyRecord } from '../../store/timelines.ts';
import type { WebhookDeliveryRecord } from '../../store/webhook-deliveries.ts';
import { ApiError } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { scopeOf } from './read-messages.ts';

export interface TimelineDeps {
  readonly store: StoreSlice<{
    readonly messages: 'read';
    readonly timelines: 'readEvents' | 'readReplies';
    readonly webhookDeliveries: 'listOfMessage';
  }>;
}

/** Everything that is known to have happened to a message, in the order in which it happened. */
export async function getMessageTimeline(
  { store }: TimelineDeps,
  context: RequestContext,
  { params }: Input<'getMessageTimeline'>,
): Promise<Output<'getMessageTimeline'>> {
  const message = await store.messages.read(scopeOf(context), params.message_id);
  if (!message)
    throw new ApiError('NOT_FOUND', { message: 'There is no such message for this key. Check message_id.' });
  const { messageId, channelMessageId, channelMessageIds } = message;
  const ids = channelMessageIds ?? (channelMessageId === null ? [] : [channelMessageId]);
  const isOutbound = message.direction === 'outbound';
  const [events, replies, deliveries] = await Promise.all([
    store.timelines.readEvents(message),
    isOutbound && ids.length > 0 ? store.timelines.readReplies({ ...message, channelMessageIds: ids }) : [],
    store.webhookDeliveries.listOfMessage(messageId),
  ]);
  const entries = [
    ...(isOutbound ? [requestEntry(message)] : []),
    ...message.attempts.map(attemptEntry),
    ...events.map(eventEntry),
    ...message.taps.map(tapEntry),
    ...replies.map(replyEntry),
    ...deliveries.flatMap(deliveryEntries),
  ];
  // The sort is stable: what happened in the same millisecond stays in the order above.
  return { data: entries.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)) };
}

const entry = (given: Pick<TimelineEntry, 'at' | 'kind' | 'text'> & Partial<TimelineEntry>): TimelineEntry => ({
  event_id: null,
  event_type: null,
  message_id: null,
  endpoint_id: null,
  succeeded: null,
  ...given,
});

const origins: Readonly<Record<MessageRecord['origin'], string>> = {
  api: 'Your backend asked for the message; the request was valid.',
  agent: 'An agent wrote the message in the inbox.',
  automatic: 'The gateway wrote the message by itself.',
  customer: 'The customer wrote the message.',
};

const requestEntry = ({ createdAt, origin, requestId }: MessageRecord): TimelineEntry =>
  entry({
    at: createdAt.toISOString(),
    kind: 'request',
    text: requestId === null ? origins[origin] : `${origins[origin]} Request ${requestId}.`,
  });

const outcomes = {
  delivered: `${channelName} accepted it.`,
  rejected: `${channelName} refused it.`,
  deferred: 'Nothing was delivered; it is tried again.',
  uncertain: `${channelName} gave no answer: it may have arrived.`,
} as const;

const attemptEntry = ({ number, startedAt, outcome, detail }: MessageRecord['attempts'][number]): TimelineEntry =>
  entry({
    at: startedAt,
    kind: 'attempt',
    text: `Attempt ${number}: ${outcome === null ? 'it is running.' : outcomes[outcome]}${detail === null ? '' : ` ${detail}`}`,
    succeeded: outcome === null ? null : outcome === 'delivered',
  });

const eventEntry = ({ id, type, at }: MessageEvent): TimelineEntry =>
  entry({ at: at.toISOString(), kind: 'event', text: eventSentences[type], event_id: id, event_type: type });

const tapEntry = ({ inboundId, at, content }: MessageRecord['taps'][number]): TimelineEntry =>
  entry({
    at: at.toISOString(),
    kind: 'tap',
    text: content.label === null ? 'The customer tapped a button.' : `The customer tapped “${content.label}”.`,
    message_id: inboundId,
  });

const replyEntry = ({ messageId, at, content }: ReplyRecord): TimelineEntry => {
  const words = wordsOfMessage(content);
  return entry({
    at: at.toISOString(),
    kind: 'reply',
    text: words === null ? 'The customer answered the message.' : `The customer answered: ${words}`,
    message_id: messageId,
  });
};

const deliveryEntries = ({ endpointId, eventId, attempts }: WebhookDeliveryRecord): readonly TimelineEntry[] =>
  attempts.map(({ at, answer, error }) =>
    entry({
      at,
      kind: 'delivery',
      text:
        error === null
          ? `The endpoint ${endpointId} accepted the event with ${answer?.status ?? 'no status'}.`
          : `The endpoint ${endpointId} did not accept the event: ${error}.`,
      event_id: eventId,
      endpoint_id: endpointId,
      succeeded: error === null,
    }),
  );
