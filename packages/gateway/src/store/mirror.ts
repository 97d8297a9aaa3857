import type { Pool } from 'pg';
import type { Arrangement } from '../core/inbox/conversation-rules.ts';
import type { OutboundContent } from '../core/message/content.ts';
import type { InboundEvent } from '../core/message/inbound.ts';
import type { AppendedEntry } from '../ports/inbox.ts';
import type { ConversationKey } from './conversations.ts';
import { bindQueries } from './database/bind-queries.ts';
import { fileLaneKey, inboxLaneKey } from './lane-keys.ts';

/** A message with everything that the mirror needs. */
export interface MirrorMessage {
  readonly messageId: number;
  readonly createdOn: string;
  readonly key: ConversationKey;
  /** The chat id at the time of the message, if Telegram changed the group's id since; otherwise null. */
  readonly formerChatId: string | null;
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  readonly senderId: string | null;
  readonly content: OutboundContent | InboundEvent;
  readonly mirror: 'none' | 'pending' | 'done' | 'dead';
  readonly createdAtMs: number;
  /** Of the last message of an agent's reply: the reply, which is complete with it. */
  readonly replyRef: { readonly conversationId: string; readonly entryId: string } | null;
}

export async function readMirrorMessage(db: Pool, createdOn: string, messageId: number): Promise<MirrorMessage | null> {
  const { rows } = await db.query<{
    workspace_id: string;
    channel_id: string;
    chat_id: string;
    original_chat_id: string;
    topic_id: string;
    origin: MirrorMessage['origin'];
    sender_id: string | null;
    content: MirrorMessage['content'];
    mirror: MirrorMessage['mirror'];
    created_ms: number;
    inbox_conversation_id: string | null;
    inbox_entry_id: string | null;
  }>({
    name: 'read-mirror-message',
    text: `
select workspace_id, channel_id, coalesce(content->>'topicId', topic_id::text) as topic_id, origin,
  coalesce((select c.migrated_to from chats c where c.channel_id = m.channel_id and c.chat_id = m.chat_id),
    chat_id)::text as chat_id,
  chat_id::text as original_chat_id, sender_id, content, mirror,
  (extract(epoch from created_at) * 1000)::float8 as created_ms, inbox_conversation_id, inbox_entry_id
from messages m where created_on = $1 and id = $2`,
    values: [createdOn, messageId],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    messageId,
    createdOn,
    key: { workspaceId: row.workspace_id, channelId: row.channel_id, chatId: row.chat_id, topicId: row.topic_id },
    formerChatId: row.original_chat_id === row.chat_id ? null : row.original_chat_id,
    origin: row.origin,
    senderId: row.sender_id,
    content: row.content,
    mirror: row.mirror,
    createdAtMs: Math.round(row.created_ms),
    replyRef:
      row.origin === 'agent' && row.inbox_conversation_id !== null && row.inbox_entry_id !== null
        ? { conversationId: row.inbox_conversation_id, entryId: row.inbox_entry_id }
        : null,
  };
}

/**
 * linked_at changes only when the link names another conversation. An entry that was reserved before the newest entry
 * was stored, and is confirmed only now, must not move the link back to an older conversation.
 */
const relink = `on conflict (channel_id, chat_id, topic_id) do update set
    inbox_conversation_id = excluded.inbox_conversation_id,
    arrangement = coalesce(excluded.arrangement, conversations.arrangement),
    last_entry_id = excluded.last_entry_id, last_entry_at = now(),
    linked_at = case when conversations.inbox_conversation_id is distinct from excluded.inbox_conversation_id
      then excluded.linked_at else conversations.linked_at end
  where conversations.inbox_conversation_id is null or conversations.last_entry_at is null
    or not exists (select 1 from ledger where created_at < conversations.last_entry_at)`;

/**
 * Records a second copy of an entry. Two processes can write the same entry if one of them was stopped for longer
 * than its lease. Both copies are then in the inbox, and both must be recorded as the gateway's own. Otherwise one of
 * them would be sent to the customer as an agent's reply.
 */
const recordSecondCopy = (at: {
  readonly key: string;
  readonly conversationId: string;
  readonly entryId: string;
}): string =>
  `insert into inbox_writes (workspace_id, key, conversation_id, text_hash, entry_id)
  select workspace_id, key || ':' || ${at.entryId}::text, ${at.conversationId}, text_hash, ${at.entryId}
  from inbox_writes
  where workspace_id = $1 and key = ${at.key} and entry_id <> ${at.entryId} on conflict do nothing`;

/**
 * Stores that a message's entry is in the inbox: the inbox write, the conversation's link and the message, in one
 * statement, so that a crash cannot separate them.
 */
export async function recordMirrored(
  db: Pool,
  message: MirrorMessage,
  entryKey: string,
  appended: AppendedEntry,
  arrangement: Arrangement | null,
): Promise<void> {
  const { key } = message;
  await db.query({
    name: 'record-mirrored',
    text: `
with ledger as (
  update inbox_writes set entry_id = $9, conversation_id = $8
  where workspace_id = $1 and key = $7 and coalesce(entry_id, $9) = $9 returning created_at
), again as (
  ${recordSecondCopy({ key: '$7', conversationId: '$8', entryId: '$9' })}
), link as (
  insert into conversations (workspace_id, channel_id, chat_id, topic_id, inbox_conversation_id, linked_at,
    last_entry_id, last_entry_at, arrangement)
  values ($1, $2, $3, $4, $8, coalesce((select created_at from ledger), now()), $9, now(), $11)
  ${relink}
)
update messages set mirror = 'done', inbox_conversation_id = $8, inbox_entry_id = $9, mirror_detail = $10
where created_on = $5 and id = $6`,
    values: [
      key.workspaceId,
      key.channelId,
      key.chatId,
      key.topicId,
      message.createdOn,
      message.messageId,
      entryKey,
      appended.conversationId,
      appended.entryId,
      appended.remark,
      jsonOf(arrangement),
    ],
  });
}

/** Stores that one of several entries of a message is in the inbox: the inbox write and the conversation's link. */
export async function recordPartMirrored(
  db: Pool,
  message: MirrorMessage,
  entryKey: string,
  appended: AppendedEntry,
  arrangement: Arrangement | null,
): Promise<void> {
  const { key } = message;
  await db.query({
    name: 'record-part-mirrored',
    text: `
with ledger as (
  update inbox_writes set entry_id = $7, conversation_id = $6
  where workspace_id = $1 and key = $5 and coalesce(entry_id, $7) = $7 returning created_at
), again as (
  ${recordSecondCopy({ key: '$5', conversationId: '$6', entryId: '$7' })}
)
insert into conversations (workspace_id, channel_id, chat_id, topic_id, inbox_conversation_id, linked_at,
  last_entry_id, last_entry_at, arrangement)
values ($1, $2, $3, $4, $6, coalesce((select created_at from ledger), now()), $7, now(), $8)
${relink}`,
    values: [
      key.workspaceId,
      key.channelId,
      key.chatId,
      key.topicId,
      entryKey,
      appended.conversationId,
      appended.entryId,
      jsonOf(arrangement),
    ],
  });
}

const jsonOf = (arrangement: Arrangement | null): string | null =>
  arrangement === null ? null : JSON.stringify(arrangement);

/** Marks an agent's message as mirrored: the agent wrote it in the inbox, so there is no entry to write. */
export async function recordReported(db: Pool, message: MirrorMessage): Promise<void> {
  await db.query({
    name: 'record-reported',
    text: `update messages set mirror = 'done' where created_on = $1 and id = $2`,
    values: [message.createdOn, message.messageId],
  });
}

/**
 * Queues the rest of a message. `file`: its files, in a lane of their own. `inbox`: the files that the lane of files left,
 * in the lane of the chat. A message may be queued twice: the second job finds it
 * done.
 */
export async function queueMessage(
  db: Pool,
  { messageId, createdOn, key: { workspaceId, channelId, chatId } }: MirrorMessage,
  where: 'file' | 'inbox',
): Promise<void> {
  const isFile = where === 'file';
  const payload = { messageId, createdOn, ...(isFile ? {} : { areFilesLeft: true }) };
  await db.query({
    name: `queue-message-${where}`,
    text: `
with lane as (
  insert into lanes (key, workspace_id, run_at, tail) values ($1, $2, now(), 1)
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
)
insert into jobs (lane_key, seq, workspace_id, kind, payload)
select key, tail, $2, '${isFile ? 'file' : 'mirror'}', $3 from lane`,
    values: [
      isFile ? fileLaneKey(channelId, chatId, messageId) : inboxLaneKey(channelId, chatId),
      workspaceId,
      JSON.stringify(payload),
    ],
  });
}

export async function recordMirrorDead(db: Pool, message: MirrorMessage, detail: string): Promise<void> {
  await db.query({
    name: 'record-mirror-dead',
    text: `update messages set mirror = 'dead', mirror_detail = $3 where created_on = $1 and id = $2`,
    values: [message.createdOn, message.messageId, detail],
  });
}

/** The queries of `store.mirror`. */
export const mirror = (db: Pool) =>
  bindQueries(db, {
    readMessage: readMirrorMessage,
    recordMirrored,
    recordPartMirrored,
    recordDead: recordMirrorDead,
    queue: queueMessage,
    recordReported,
  });
