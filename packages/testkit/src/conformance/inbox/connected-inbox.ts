import type { EntryBody } from '@chatferry/gateway/internal/core/inbox/entry';
import type { Chat } from '@chatferry/gateway/internal/core/message/inbound';
import type {
  AppendedEntry,
  ContactRequest,
  ConversationLink,
  EntryAuthor,
  InboxEntry,
  InboxOutcome,
} from '@chatferry/gateway/internal/ports/inbox';
import type { InboxHarness } from './harness.ts';

export const ada = { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' };
export const privateChat: Chat = { chatId: '42', kind: 'private', title: ada.name, username: 'ada', topicId: null };
export const customer: EntryAuthor = { kind: 'customer', name: ada.name };

const textBody = (text: string): EntryBody => ({ blocks: [{ kind: 'text', text }], extras: [] });

interface Conversation {
  readonly link: ConversationLink;
  readonly appended: readonly AppendedEntry[];
  readonly conversationId: string;
}

/** An inbox to which a bot is connected, with one customer, and how the cases write and read there. */
export interface ConnectedInbox {
  readonly harness: InboxHarness;
  readonly request: ContactRequest;
  readonly entry: (author: EntryAuthor, body: string | EntryBody) => InboxEntry;
  /** The first teammate of the account unless another one is named. */
  readonly teammate: (senderId?: string | null) => EntryAuthor;
  readonly noConversation: () => Promise<ConversationLink>;
  readonly append: (link: ConversationLink, what: InboxEntry) => Promise<InboxOutcome<AppendedEntry>>;
  /** Appends one entry after the other, each to the conversation of the one before. */
  readonly converse: (...entries: readonly InboxEntry[]) => Promise<Conversation>;
  /** The author and the text of each entry. */
  readonly seen: (conversationId: string) => Promise<readonly (readonly [author: string, text: string])[]>;
}

/** The inbox of the running case. */
export type Connected = () => ConnectedInbox;

export async function connectBot(harness: InboxHarness): Promise<ConnectedInbox> {
  const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };
  const ref = okOf(await harness.inbox.connectChannel(bot));
  const request: ContactRequest = { channel: { ...bot, ref }, chat: privateChat, person: ada };
  const noConversation = async (): Promise<ConversationLink> => ({
    contact: okOf(await harness.inbox.ensureContact(request)),
    conversationId: null,
    generation: 0,
  });
  const append = (link: ConversationLink, what: InboxEntry) => harness.inbox.append(link, what, request);
  let keys = 0;
  return {
    harness,
    request,
    entry(author, body) {
      keys += 1;
      const content = typeof body === 'string' ? textBody(body) : body;
      return { key: `entry-${keys}`, author, body: content, happenedAtMs: harness.nowMs() };
    },
    teammate: (senderId = harness.senderIds[0]) => ({ kind: 'teammate', senderId }),
    noConversation,
    append,
    async converse(...entries) {
      let link = await noConversation();
      const appended: AppendedEntry[] = [];
      for (const each of entries) {
        const value = okOf(await append(link, each));
        appended.push(value);
        link = { ...link, conversationId: value.conversationId, lastEntryId: value.entryId };
      }
      return { link, appended, conversationId: link.conversationId ?? '' };
    },
    seen: async (conversationId) => (await harness.read(conversationId)).map(({ author, text }) => [author, text]),
  };
}

export function okOf<T>(outcome: InboxOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`expected an answer, got ${outcome.kind}: ${outcome.detail}`);
}
