import type { IncompleteReply } from '../../core/inbox/inbox-event.ts';
import type { ChangedConversations, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import { openedByAdmin } from './topics.ts';
import { awaitsTranslation } from './translation.ts';

/** Intercom: at most 150 a page. */
const pageSize = 150;
/**
 * Intercom searches some timestamps by the day. The order of the answer, not its filter, says where to stop. `sort` is on a
 * page of its own, and not in the description of the search:
 * https://developers.intercom.com/docs/references/2.4/rest-api/common-structures/pagination-search
 */
const searchSlackSeconds = 86_400;
/** Intercom sends a notification at most this long after the event. */
const notifiedAfterMaxMs = 120_000;

type Events = InboxOutcome<readonly Buffer[]>;

/** A reply whose translation is expected is looked at again after this time. */
const translationLookMs = 1_500;

/**
 * The part that the reply names; where it names none, the parts that a notification without parts may have been about. Deferred
 * for some seconds if a translation of it is expected.
 */
export async function partsAround(
  client: IntercomClient,
  { conversationId, entryId, happenedAtMs }: IncompleteReply,
  nowMs: number,
): Promise<Events> {
  const outcome = await readConversation(client, conversationId);
  if (outcome.kind !== 'ok') return outcome;
  const conversation = outcome.value;
  if (isSource(conversation, entryId)) return { kind: 'ok', value: [openingNotification(conversation)] };
  const parts = partsOf(conversation);
  const wanted = parts.filter((part) => entryId === null || textAt(part, 'id') === entryId);
  if (wanted.some((part) => awaitsTranslation(part, parts, nowMs))) {
    return { kind: 'deferred', retryAfterMs: translationLookMs, detail: 'its translation is not there yet' };
  }
  return { kind: 'ok', value: eventsOf(conversationId, wanted, happenedAtMs - notifiedAfterMaxMs) };
}

/** The parts since, in order, each as a notification about it. Intercom: of the newest 500. */
export async function partsSince(client: IntercomClient, conversationId: string, sinceMs: number): Promise<Events> {
  const outcome = await readConversation(client, conversationId);
  if (outcome.kind !== 'ok') return outcome;
  return { kind: 'ok', value: eventsOf(conversationId, partsOf(outcome.value), sinceMs) };
}

async function readConversation(client: IntercomClient, conversationId: string): Promise<InboxOutcome<unknown>> {
  return client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');
}

const partsOf = (conversation: unknown): readonly unknown[] =>
  listAt(conversation, 'conversation_parts', 'conversation_parts');

function eventsOf(conversationId: string, parts: readonly unknown[], sinceMs: number): readonly Buffer[] {
  const sinceSeconds = Math.floor(sinceMs / 1000);
  return parts
    .map((part) => ({ part, createdAt: Number(textAt(part, 'created_at') ?? 0) }))
    .filter(({ createdAt }) => createdAt >= sinceSeconds)
    .sort((a, b) => a.createdAt - b.createdAt)
    .map(({ part }) => notificationOf(conversationId, part));
}

export async function changedConversations(
  client: IntercomClient,
  sinceMs: number,
  cursor: string | null,
): Promise<InboxOutcome<ChangedConversations>> {
  const sinceSeconds = Math.floor(sinceMs / 1000);
  const outcome = await client.search('/conversations/search', {
    query: { field: 'updated_at', operator: '>', value: sinceSeconds - searchSlackSeconds },
    sort: { field: 'updated_at', order: 'descending' },
    pagination: { per_page: pageSize, ...(cursor === null ? {} : { starting_after: cursor }) },
  });
  if (outcome.kind !== 'ok') return outcome;
  const conversations = listAt(outcome.value, 'conversations');
  const recent = conversations.filter((one) => Number(textAt(one, 'updated_at') ?? 0) >= sinceSeconds);
  const isLast = recent.length < conversations.length;
  return {
    kind: 'ok',
    value: {
      conversationIds: recent.flatMap((one) => textAt(one, 'id') ?? []),
      nextCursor: isLast ? null : textAt(outcome.value, 'pages', 'next', 'starting_after'),
    },
  };
}

const isSource = (conversation: unknown, entryId: string | null): boolean =>
  entryId !== null && textAt(conversation, 'source', 'id') === entryId;

/** The notification that Intercom would have sent about a conversation that a teammate began. */
const openingNotification = (conversation: unknown): Buffer =>
  Buffer.from(JSON.stringify({ type: 'notification_event', topic: openedByAdmin, data: { item: conversation } }));

/** The notification that Intercom would have sent about the part; bots and teammates share this topic. */
const notificationOf = (conversationId: string, part: unknown): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: 'notification_event',
      id: `part:${textAt(part, 'id')}`,
      topic: 'conversation.admin.replied',
      created_at: valueAt(part, 'created_at'),
      data: {
        type: 'notification_event_data',
        item: {
          type: 'conversation',
          id: conversationId,
          conversation_parts: { type: 'conversation_part.list', total_count: 1, conversation_parts: [part] },
        },
      },
    }),
  );
