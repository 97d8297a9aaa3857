import type { IncompleteReply } from '../../core/inbox/inbox-event.ts';
import type { ChangedConversations, InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { asRepeatable } from './classify.ts';
import { type Portal, threadPath } from './portal.ts';

const pageSize = 100;
/** A thread is read back this many pages at most. */
const pagesMax = 5;

type Events = InboxOutcome<readonly Buffer[]>;

export async function changedConversations(
  { client, settings }: Portal,
  sinceMs: number,
  cursor: string | null,
): Promise<InboxOutcome<ChangedConversations>> {
  const query = new URLSearchParams({
    // HubSpot: this order needs this filter.
    sort: 'latestMessageTimestamp',
    latestMessageTimestampAfter: new Date(sinceMs - 1).toISOString(),
    limit: String(pageSize),
    ...(settings.inbox_id === undefined ? {} : { inboxId: settings.inbox_id }),
    ...(cursor === null ? {} : { after: cursor }),
  });
  const path = `${apis.conversations.path}/threads?${query}`;
  const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
  if (outcome.kind !== 'ok') return asRepeatable(outcome);
  return {
    kind: 'ok',
    value: {
      conversationIds: listAt(outcome.value, 'results').flatMap((thread) => textAt(thread, 'id') ?? []),
      nextCursor: textAt(outcome.value, 'paging', 'next', 'after'),
    },
  };
}

/** A message with the content that its event cut off. */
export async function completeMessage(portal: Portal, { conversationId, entryId }: IncompleteReply): Promise<Events> {
  if (entryId === null) return { kind: 'ok', value: [] };
  const path = `${threadPath(conversationId)}/messages/${encodeURIComponent(entryId)}`;
  const asked = { effect: 'reads', about: 'thread' } as const;
  const message = await portal.client.call('GET', path, null, asked);
  if (message.kind !== 'ok') return asRepeatable(message);
  const content = await portal.client.call('GET', `${path}/original-content`, null, asked);
  if (content.kind !== 'ok') return asRepeatable(content);
  const text = textAt(content.value, 'text');
  const richText = textAt(content.value, 'richText');
  const whole = { ...fieldsOf(message.value), text, richText, truncationStatus: 'NOT_TRUNCATED' };
  return { kind: 'ok', value: [eventOf(whole)] };
}

/** The bot's messages in the thread since, in order, each as an event about it. */
export async function recentMessages(
  portal: Portal,
  channel: InboxChannel,
  threadId: string,
  sinceMs: number,
): Promise<Events> {
  const recent: { readonly message: unknown; readonly createdAtMs: number }[] = [];
  let after: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(after === null ? {} : { after }) });
    const path = `${threadPath(threadId)}/messages?${query}`;
    const outcome = await portal.client.call('GET', path, null, { effect: 'reads', about: 'thread' });
    if (outcome.kind !== 'ok') return asRepeatable(outcome);
    const messages = listAt(outcome.value, 'results').map((message) => ({
      message,
      createdAtMs: Date.parse(textAt(message, 'createdAt') ?? '') || 0,
    }));
    const younger = messages.filter(({ createdAtMs }) => createdAtMs >= sinceMs);
    recent.push(...younger);
    after = textAt(outcome.value, 'paging', 'next', 'after');
    if (after === null || younger.length === 0) break;
  }
  // HubSpot lists the newest first, also of those that were written in the same millisecond.
  const own = recent
    .reverse()
    .filter(({ message }) => isOnChannel(message, channel))
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
  return { kind: 'ok', value: own.map(({ message }) => eventOf(message)) };
}

/** HubSpot: an agent may answer in the same thread over another channel, by e-mail for instance; that is not for Telegram. */
function isOnChannel(message: unknown, { ref }: InboxChannel): boolean {
  const channelId = textAt(message, 'channelId');
  const accountId = textAt(message, 'channelAccountId');
  return (
    (channelId === null || channelId === ref['channelId']) &&
    (accountId === null || accountId === ref['channelAccountId'])
  );
}

const fieldsOf = (message: unknown): object => (typeof message === 'object' && message !== null ? message : {});

/** The event that HubSpot would have sent about the message. */
const eventOf = (message: unknown): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
      eventId: `message:${textAt(message, 'id')}`,
      eventTimestamp: textAt(message, 'createdAt'),
      message,
    }),
  );
