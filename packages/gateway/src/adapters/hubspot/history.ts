import type { IncompleteReply } from '../../core/inbox/inbox-event.ts';
import type { ChangedConversations, InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { repeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';

const pageSize = 100;
/** A thread is read back this many pages at most. */
const pagesMax = 5;

/** What was said in the portal's threads, however it came to be said. */
export interface History {
  changed(sinceMs: number, cursor: string | null): Promise<InboxOutcome<ChangedConversations>>;
  /** A message with the content that its event cut off. */
  whole(reply: IncompleteReply): Promise<InboxOutcome<readonly Buffer[]>>;
  /** The bot's messages in the thread since, in their order, each as an event about it. */
  messages(channel: InboxChannel, threadId: string, sinceMs: number): Promise<InboxOutcome<readonly Buffer[]>>;
}

export function createHistory(client: HubspotClient, settings: HubspotSettings): History {
  const threads = `/conversations/conversations/${settings.api_version}/threads`;
  return {
    async changed(sinceMs, cursor) {
      const query = new URLSearchParams({
        // HubSpot: this order needs this filter.
        sort: 'latestMessageTimestamp',
        latestMessageTimestampAfter: new Date(sinceMs - 1).toISOString(),
        limit: String(pageSize),
        ...(settings.inbox_id === undefined ? {} : { inboxId: settings.inbox_id }),
        ...(cursor === null ? {} : { after: cursor }),
      });
      const outcome = await client.call('GET', `${threads}?${query}`, null, { effect: 'reads', about: 'account' });
      if (outcome.kind !== 'ok') return repeatable(outcome);
      return {
        kind: 'ok',
        value: {
          conversationIds: listAt(outcome.value, 'results').flatMap((thread) => textAt(thread, 'id') ?? []),
          nextCursor: textAt(outcome.value, 'paging', 'next', 'after'),
        },
      };
    },

    async whole({ conversationId, entryId }) {
      if (entryId === null) return { kind: 'ok', value: [] };
      const path = `${threads}/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(entryId)}`;
      const asked = { effect: 'reads', about: 'thread' } as const;
      const message = await client.call('GET', path, null, asked);
      if (message.kind !== 'ok') return repeatable(message);
      const content = await client.call('GET', `${path}/original-content`, null, asked);
      if (content.kind !== 'ok') return repeatable(content);
      const text = textAt(content.value, 'text');
      const richText = textAt(content.value, 'richText');
      const whole = { ...fieldsOf(message.value), text, richText, truncationStatus: 'NOT_TRUNCATED' };
      return { kind: 'ok', value: [eventOf(whole)] };
    },

    async messages(channel, threadId, sinceMs) {
      const recent: { readonly message: unknown; readonly createdAtMs: number }[] = [];
      let after: string | null = null;
      for (let page = 0; page < pagesMax; page += 1) {
        const query = new URLSearchParams({ limit: String(pageSize), ...(after === null ? {} : { after }) });
        const path = `${threads}/${encodeURIComponent(threadId)}/messages?${query}`;
        const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'thread' });
        if (outcome.kind !== 'ok') return repeatable(outcome);
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
    },
  };
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

/** As HubSpot would have told of it. */
const eventOf = (message: unknown): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
      eventId: `message:${textAt(message, 'id')}`,
      eventTimestamp: textAt(message, 'createdAt'),
      message,
    }),
  );
