import type { Pool } from 'pg';
import type { Chat, Person } from '../core/message/inbound.ts';
import { bindQueries } from './database/bind-queries.ts';

export interface ChatRecord {
  /** The title is null while it is unknown. */
  readonly chat: Omit<Chat, 'topicId' | 'title'> & { readonly title: string | null };
  readonly person: Person | null;
}

/** Null if the chat is not known. A send may come before the first update. */
export async function readChat(db: Pool, channelId: string, chatId: string): Promise<ChatRecord | null> {
  const { rows } = await db.query<{
    kind: Chat['kind'];
    title: string | null;
    username: string | null;
    person: Person | null;
  }>({
    name: 'read-chat',
    text: `select kind, title, username, person from chats where channel_id = $1 and chat_id = $2`,
    values: [channelId, chatId],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    chat: { chatId, kind: row.kind, title: row.title, username: row.username },
    person: row.person,
  };
}

/** Pauses a chat for Telegram's retry_after. A shorter pause never replaces a longer one. */
export async function pauseChat(
  db: Pool,
  row: { readonly workspaceId: string; readonly channelId: string; readonly chatId: string; readonly pauseMs: number },
): Promise<void> {
  await db.query({
    name: 'pause-chat',
    text: `
insert into chats (workspace_id, channel_id, chat_id, paused_until) values ($1, $2, $3, now() + $4 * interval '1 ms')
on conflict (channel_id, chat_id) do update set paused_until = greatest(chats.paused_until, excluded.paused_until)`,
    values: [row.workspaceId, row.channelId, row.chatId, row.pauseMs],
  });
}

export async function markBlocked(
  db: Pool,
  row: { readonly workspaceId: string; readonly channelId: string; readonly chatId: string },
): Promise<void> {
  await db.query({
    name: 'mark-blocked',
    text: `
insert into chats (workspace_id, channel_id, chat_id, blocked_at) values ($1, $2, $3, now())
on conflict (channel_id, chat_id) do update set blocked_at = coalesce(chats.blocked_at, now())`,
    values: [row.workspaceId, row.channelId, row.chatId],
  });
}

/** A chat in a list. */
export interface ListedChat {
  readonly channelId: string;
  readonly chatId: string;
  readonly kind: Chat['kind'];
  readonly title: string | null;
  readonly username: string | null;
  readonly person: Person | null;
  readonly seenAt: Date | null;
  readonly blockedAt: Date | null;
  readonly migratedTo: string | null;
  /** The newest conversation that the chat is linked to. */
  readonly conversationId: string | null;
}

/** Ordered by channel and by id. Only the channel that all of `channelIds` name; an empty list means every channel. */
export async function listChats(
  db: Pool,
  filter: {
    readonly workspaceId: string;
    readonly channelIds: readonly string[];
    readonly chatId: string | null;
    readonly after: { readonly channelId: string; readonly chatId: string } | null;
    readonly limit: number;
  },
): Promise<readonly ListedChat[]> {
  const { rows } = await db.query<ListedChat>({
    name: 'list-chats',
    text: `
select c.channel_id as "channelId", c.chat_id::text as "chatId", c.kind, c.title, c.username, c.person,
  c.seen_at as "seenAt", c.blocked_at as "blockedAt", c.migrated_to::text as "migratedTo",
  (select v.inbox_conversation_id from conversations v where v.channel_id = c.channel_id and v.chat_id = c.chat_id
   order by v.linked_at desc nulls last limit 1) as "conversationId"
from chats c
where c.channel_id = any (array(select id from channels where workspace_id = $1 and id = all ($2)))
  and ($3::bigint is null or c.chat_id = $3) and ($4::text is null or (c.channel_id, c.chat_id) > ($4, $5::bigint))
order by c.channel_id, c.chat_id limit $6`,
    values: [
      filter.workspaceId,
      filter.channelIds,
      filter.chatId,
      filter.after?.channelId ?? null,
      filter.after?.chatId ?? null,
      filter.limit,
    ],
  });
  return rows;
}

/** The queries of `store.chats`. */
export const chats = (db: Pool) => bindQueries(db, { read: readChat, list: listChats, markBlocked, pause: pauseChat });
