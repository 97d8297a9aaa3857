import type { Pool } from 'pg';
import type { Arrangement } from '../core/inbox/conversation-rules.ts';
import type { ContactLink, ConversationLink } from '../ports/inbox.ts';
import { bindQueries } from './database/bind-queries.ts';

/** Names a conversation: a chat of a channel, and its topic; `0` if the chat has no topics (see `topicOf`). */
export interface ConversationKey {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly topicId: string;
}

/** The topic of a conversation; null if the chat has no topics. */
export const topicOf = ({ topicId }: Pick<ConversationKey, 'topicId'>): string | null =>
  topicId === '0' ? null : topicId;

export interface StoredConversation extends Omit<ConversationLink, 'contact'> {
  readonly contact: ContactLink | null;
  /** The contact was created before the person's name was known. */
  readonly isContactNameless: boolean;
  /** When the inbox's conversation was linked to the chat; null if there is none. */
  readonly linkedAtMs: number | null;
  /** Changes to the inbox's conversation (tags, assignment) that are still to be made; null if there are none. */
  readonly arrangement: Arrangement | null;
}

export async function readConversation(db: Pool, key: ConversationKey): Promise<StoredConversation> {
  const { rows } = await db.query<{
    contact_id: string | null;
    contact_data: Record<string, string> | null;
    inbox_conversation_id: string | null;
    generation: number;
    last_entry_id: string | null;
    contact_nameless: boolean;
    linked_ms: number | null;
    arrangement: Arrangement | null;
  }>({
    name: 'read-conversation',
    text: `
select contact_id, contact_data, inbox_conversation_id, generation, last_entry_id, contact_nameless, arrangement,
  (extract(epoch from linked_at) * 1000)::float8 as linked_ms
from conversations
where channel_id = $1 and chat_id = $2 and topic_id = $3`,
    values: [key.channelId, key.chatId, key.topicId],
  });
  const row = rows[0];
  if (!row) return unlinked;
  return {
    contact: row.contact_data === null ? null : { contactId: row.contact_id, data: row.contact_data },
    conversationId: row.inbox_conversation_id,
    generation: row.generation,
    lastEntryId: row.last_entry_id,
    isContactNameless: row.contact_nameless,
    linkedAtMs: row.inbox_conversation_id === null ? null : row.linked_ms,
    arrangement: row.arrangement,
  };
}

const unlinked: StoredConversation = {
  contact: null,
  conversationId: null,
  generation: 0,
  lastEntryId: null,
  isContactNameless: false,
  linkedAtMs: null,
  arrangement: null,
};

export async function linkContact(
  db: Pool,
  key: ConversationKey,
  contact: ContactLink,
  isNameless: boolean,
): Promise<void> {
  await db.query({
    name: 'link-contact',
    text: `
insert into conversations (workspace_id, channel_id, chat_id, topic_id, contact_id, contact_data, contact_nameless)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (channel_id, chat_id, topic_id) do update set
  contact_id = excluded.contact_id, contact_data = excluded.contact_data,
  contact_nameless = excluded.contact_nameless`,
    values: [
      key.workspaceId,
      key.channelId,
      key.chatId,
      key.topicId,
      contact.contactId,
      JSON.stringify(contact.data),
      isNameless,
    ],
  });
}

/**
 * Unlinks the chat from its conversation in the inbox, so that the next entry opens a new one. Agents' replies in the
 * old conversation are still sent.
 */
export async function leaveConversation(db: Pool, key: ConversationKey, inboxConversationId: string): Promise<void> {
  await db.query({
    name: 'leave-conversation',
    text: `
with past as (
  insert into past_conversations (workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, linked_at)
  select workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, coalesce(linked_at, now())
  from conversations
  where channel_id = $1 and chat_id = $2 and topic_id = $3 and inbox_conversation_id = $4
  on conflict do nothing
)
update conversations set
  inbox_conversation_id = null, last_entry_id = null, arrangement = null, generation = generation + 1
where channel_id = $1 and chat_id = $2 and topic_id = $3 and inbox_conversation_id = $4`,
    values: [key.channelId, key.chatId, key.topicId, inboxConversationId],
  });
}

/** The arrangement of the inbox's conversation was carried out. */
export async function recordArranged(db: Pool, key: ConversationKey): Promise<void> {
  await db.query({
    name: 'record-arranged',
    text: `update conversations set arrangement = null where channel_id = $1 and chat_id = $2 and topic_id = $3`,
    values: [key.channelId, key.chatId, key.topicId],
  });
}

/** What was deleted in the inbox. `contact` means the contact with its conversation. */
export type Unlinked = 'contact' | 'conversation' | 'contact-alone';

/**
 * Unlinks what was deleted in the inbox. The next entry finds or creates it again. Replies that an agent wrote before
 * are still sent.
 */
export async function unlink(db: Pool, key: ConversationKey, what: Unlinked): Promise<void> {
  if (what !== 'contact-alone') await unlinkConversation(db, key);
  if (what !== 'conversation') await unlinkContact(db, key);
}

const unlinkConversation = (db: Pool, key: ConversationKey) =>
  db.query({
    name: 'unlink-conversation',
    text: `
with past as (
  insert into past_conversations (workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, linked_at)
  select workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, coalesce(linked_at, now())
  from conversations
  where channel_id = $1 and chat_id = $2 and topic_id = $3 and inbox_conversation_id is not null
  on conflict do nothing
)
update conversations set
  inbox_conversation_id = null, last_entry_id = null, arrangement = null, generation = generation + 1
where channel_id = $1 and chat_id = $2 and topic_id = $3`,
    values: [key.channelId, key.chatId, key.topicId],
  });

const unlinkContact = (db: Pool, key: ConversationKey) =>
  db.query({
    name: 'unlink-contact',
    text: `
update conversations set contact_id = null, contact_data = null
where channel_id = $1 and chat_id = $2 and topic_id = $3`,
    values: [key.channelId, key.chatId, key.topicId],
  });

/** The chat that a conversation of the inbox belongs to, or belonged to. Null if it belongs to none. */
export async function readConversationByInbox(
  db: Pool,
  workspaceId: string,
  inboxConversationId: string,
): Promise<ConversationKey | null> {
  const { rows } = await db.query<{ channel_id: string; chat_id: string; topic_id: string }>({
    name: 'read-conversation-by-inbox',
    text: `
select channel_id, chat_id::text, topic_id::text from conversations
where workspace_id = $1 and inbox_conversation_id = $2
union all
select channel_id, chat_id::text, topic_id::text from past_conversations
where workspace_id = $1 and inbox_conversation_id = $2
limit 1`,
    values: [workspaceId, inboxConversationId],
  });
  const row = rows[0];
  return row ? { workspaceId, channelId: row.channel_id, chatId: row.chat_id, topicId: row.topic_id } : null;
}

/**
 * Links the newest chat of a contact to a conversation that a teammate opened with it. Replies in the chat's conversation of
 * before are still sent. Null if the contact has no chat.
 */
export async function adoptConversation(
  db: Pool,
  workspaceId: string,
  opened: { readonly conversationId: string; readonly entryId: string; readonly contactIds: readonly string[] },
): Promise<ConversationKey | null> {
  const { rows } = await db.query<{ channel_id: string; chat_id: string; topic_id: string }>({
    name: 'adopt-conversation',
    text: `
with chat as (
  select channel_id, chat_id, topic_id, inbox_conversation_id, linked_at from conversations
  where workspace_id = $1 and contact_id = any ($3) order by last_entry_at desc nulls last limit 1 for update
), past as (
  insert into past_conversations (workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, linked_at)
  select $1, inbox_conversation_id, channel_id, chat_id, topic_id, coalesce(linked_at, now()) from chat
  where inbox_conversation_id <> $2
  on conflict do nothing
)
update conversations c set inbox_conversation_id = $2, last_entry_id = $4, last_entry_at = now(), linked_at = now(),
  arrangement = null, generation = generation + 1
from chat where c.channel_id = chat.channel_id and c.chat_id = chat.chat_id and c.topic_id = chat.topic_id
returning c.channel_id, c.chat_id::text, c.topic_id::text`,
    values: [workspaceId, opened.conversationId, opened.contactIds, opened.entryId],
  });
  const row = rows[0];
  return row ? { workspaceId, channelId: row.channel_id, chatId: row.chat_id, topicId: row.topic_id } : null;
}

/** The conversation was deleted in the inbox. The next entry opens a new one. */
export async function unlinkInboxConversation(
  db: Pool,
  workspaceId: string,
  inboxConversationId: string,
): Promise<void> {
  await db.query({
    name: 'unlink-inbox-conversation',
    text: `
with past as (
  delete from past_conversations where workspace_id = $1 and inbox_conversation_id = $2
)
update conversations set
  inbox_conversation_id = null, last_entry_id = null, arrangement = null, generation = generation + 1
where workspace_id = $1 and inbox_conversation_id = $2`,
    values: [workspaceId, inboxConversationId],
  });
}

/** The inbox merged a contact into another. The fields of `intoData` replace those that the adapter stored. */
export async function relinkContact(
  db: Pool,
  workspaceId: string,
  merge: {
    readonly fromContactId: string;
    readonly intoContactId: string;
    readonly intoData?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  await db.query({
    name: 'relink-contact',
    text: `
update conversations set contact_id = $3, contact_data = contact_data || $4::jsonb
where workspace_id = $1 and contact_id = $2`,
    values: [workspaceId, merge.fromContactId, merge.intoContactId, JSON.stringify(merge.intoData ?? {})],
  });
}

/** The queries of `store.conversations`. */
export const conversations = (db: Pool) =>
  bindQueries(db, {
    read: readConversation,
    readByInbox: readConversationByInbox,
    linkContact,
    relinkContact,
    adopt: adoptConversation,
    leave: leaveConversation,
    recordArranged,
    unlink,
    unlinkInboxConversation,
  });
