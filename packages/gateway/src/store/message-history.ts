import type { Pool } from 'pg';
import type { EarlierMessage } from '../core/inbox/conversation-rules.ts';
import type { OutboundContent } from '../core/message/content.ts';
import type { InboundEvent } from '../core/message/inbound.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { MirrorMessage } from './mirror.ts';

/** Customers may write between the parts of an album that arrive late. */
export const albumLookBehind = 20;

/** The newest stored version of a customer's message. An album is found by the id of each of its messages. */
export async function readLastVersion(
  db: Pool,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): Promise<InboundEvent | null> {
  const { rows } = await db.query<{ content: InboundEvent }>({
    name: 'read-last-version',
    text: `
select content from messages
where channel_id = $1 and chat_id = $2 and direction = 'inbound'
  and (channel_message_id = $3::bigint or content->'content'->'channelMessageIds' ? $3::bigint::text)
order by id desc limit 1`,
    values: [channelId, chatId, channelMessageId],
  });
  return rows[0]?.content ?? null;
}

/** The newest message with files of this album, if it is among the chat's last inbound messages. */
export async function readAlbum(
  db: Pool,
  channelId: string,
  chatId: string,
  albumId: string,
): Promise<InboundEvent | null> {
  const { rows } = await db.query<{ content: InboundEvent }>({
    name: 'read-album',
    text: `
select content from (
  select id, content from messages
  where channel_id = $1 and chat_id = $2 and direction = 'inbound' order by id desc limit ${albumLookBehind}
) recent
where content->>'albumId' = $3 order by id desc limit 1`,
    values: [channelId, chatId, albumId],
  });
  return rows[0]?.content ?? null;
}

/** An outbound message by Telegram's id of it. */
export async function readSentMessage(
  db: Pool,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): Promise<OutboundContent | null> {
  const { rows } = await db.query<{ content: OutboundContent }>({
    name: 'read-sent-message',
    text: `
select content from messages
where channel_id = $1 and chat_id = $2 and direction = 'outbound' and channel_message_id = $3
order by id desc limit 1`,
    values: [channelId, chatId, channelMessageId],
  });
  return rows[0]?.content ?? null;
}

/** The newest outbound messages of a chat, among which a customer's answer finds its button. */
export async function listRecentOutbound(
  db: Pool,
  channelId: string,
  chatId: string,
  limit: number,
): Promise<readonly OutboundContent[]> {
  const { rows } = await db.query<{ content: OutboundContent }>({
    name: 'recent-outbound',
    text: `
select content from messages
where channel_id = $1 and chat_id = $2 and direction = 'outbound' order by id desc limit $3`,
    values: [channelId, chatId, limit],
  });
  return rows.map((row) => row.content);
}

/** The previous message of the conversation: inbound, or outbound and sent or possibly sent. */
export async function readEarlierMessage(
  db: Pool,
  { key, messageId }: Pick<MirrorMessage, 'key' | 'messageId'>,
): Promise<EarlierMessage | null> {
  const { rows } = await db.query<{ origin: MirrorMessage['origin']; sender_id: string | null; created_ms: number }>({
    name: 'read-earlier-message',
    text: `
select origin, sender_id, (extract(epoch from created_at) * 1000)::float8 as created_ms from messages
where channel_id = $1 and chat_id = $2 and id < $3
  and ((direction = 'inbound' and topic_id = $4) or (direction = 'outbound' and state in ('sent', 'unknown')))
order by id desc limit 1`,
    values: [key.channelId, key.chatId, messageId, key.topicId],
  });
  const row = rows[0];
  return row ? { origin: row.origin, senderId: row.sender_id, createdAtMs: Math.round(row.created_ms) } : null;
}

/** The queries of `store.messageHistory`. */
export const messageHistory = (db: Pool) =>
  bindQueries(db, { readLastVersion, readAlbum, readSentMessage, listRecentOutbound, readEarlier: readEarlierMessage });
