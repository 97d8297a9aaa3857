import type { Clock } from '../../ports/clock.ts';
import type { ConversationLink, DeliveryReport, InboxEntry, InboxOutcome, ReplyRef } from '../../ports/inbox.ts';
import type { Conversations } from './conversations.ts';

/** What became of a reply that did not surely reach the customer. */
export type Trouble = Exclude<DeliveryReport, { kind: 'delivered' }>;

export interface DeliveryNotes {
  /** Stands in the conversation once, however often it is asked for. */
  write(reply: ReplyRef, trouble: Trouble): Promise<InboxOutcome<true>>;
}

/**
 * Intercom has no status of a reply that the agent sees: an internal note stands behind it. It names the reply, so that
 * a repetition finds it again and two replies with the same trouble have a note each.
 */
export function createDeliveryNotes(conversations: Conversations, clock: Clock): DeliveryNotes {
  return {
    async write(reply, trouble) {
      const note = noteOf(reply, trouble, clock.nowMs());
      const link: ConversationLink = {
        contact: { contactId: null, data: {} },
        conversationId: reply.conversationId,
        generation: 0,
        lastEntryId: reply.entryId,
      };
      const found = await conversations.find(link, note);
      if (found.kind !== 'ok') return found;
      if (found.value !== null) return { kind: 'ok', value: true };
      const written = await conversations.append(link, note);
      return written.kind === 'ok' ? { kind: 'ok', value: true } : written;
    },
  };
}

function noteOf(reply: ReplyRef, trouble: Trouble, nowMs: number): InboxEntry {
  const lead =
    trouble.kind === 'failed' ? 'Not delivered to Telegram' : 'Not confirmed by Telegram; it may have arrived';
  return {
    key: `report:${reply.entryId}`,
    author: { kind: 'note' },
    body: {
      blocks: [
        { kind: 'text', text: `${lead}: ${trouble.reason}` },
        { kind: 'mark', text: `reply ${reply.entryId}` },
      ],
      extras: [],
    },
    happenedAtMs: nowMs,
  };
}
