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

/** The queries of `store.chats`. */
export const chats = (db: Pool) => bindQueries(db, { read: readChat, markBlocked, pause: pauseChat });
