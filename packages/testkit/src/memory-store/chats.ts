import type { Person } from '@chatferry/gateway/internal/core/message/inbound';
import type { ChatRecord } from '@chatferry/gateway/internal/store/chats';
import type { Flight } from '@chatferry/gateway/internal/store/intents';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, chatRow, type MemoryDatabase } from './database.ts';

export function readChat(db: MemoryDatabase, channelId: string, chatId: string): ChatRecord | null {
  const row = db.chats.get(chatKey(channelId, chatId));
  if (!row) return null;
  const { kind, title, username } = row;
  return {
    chat: { chatId, kind, title, username },
    person: row.person as Person | null,
  };
}

type ChatOf = Pick<Flight, 'workspaceId' | 'channelId' | 'chatId'>;

export function pauseChat(
  db: MemoryDatabase,
  { workspaceId, channelId, chatId, pauseMs }: ChatOf & { readonly pauseMs: number },
): void {
  const row = chatRow(db, workspaceId, channelId, chatId);
  row.pausedUntilMs = Math.max(row.pausedUntilMs ?? Number.NEGATIVE_INFINITY, db.nowMs() + pauseMs);
}

export function markBlocked(db: MemoryDatabase, { workspaceId, channelId, chatId }: ChatOf): void {
  chatRow(db, workspaceId, channelId, chatId).blockedAtMs ??= db.nowMs();
}

/** The queries of `store.chats`. */
export const chats = ({ bind }: QueryBinder) => bind('chats', { read: readChat, markBlocked, pause: pauseChat });
