import type { EarlierMessage } from '@chatferry/gateway/internal/core/inbox/conversation-rules';
import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import { albumLookBehind } from '@chatferry/gateway/internal/store/message-history';
import type { MirrorMessage } from '@chatferry/gateway/internal/store/mirror';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase, MessageRow } from './database.ts';

/** The newest message of a chat that fits. Messages are stored in the order of their ids. */
function newest(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  fits: (message: MessageRow) => boolean,
): MessageRow | null {
  let found: MessageRow | null = null;
  for (const message of db.messages.values()) {
    if (message.key.channelId === channelId && message.key.chatId === chatId && fits(message)) found = message;
  }
  return found;
}

export function readLastVersion(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): InboundEvent | null {
  const last = newest(db, channelId, chatId, (message) => {
    if (message.direction !== 'inbound') return false;
    const { content } = message.content as InboundEvent;
    const members = 'channelMessageIds' in content ? (content.channelMessageIds ?? []) : [];
    return message.channelMessageId === channelMessageId || members.includes(channelMessageId);
  });
  return last === null ? null : (last.content as InboundEvent);
}

export function readAlbum(db: MemoryDatabase, channelId: string, chatId: string, albumId: string): InboundEvent | null {
  const recent = [...db.messages.values()]
    .filter(({ key, direction }) => direction === 'inbound' && key.channelId === channelId && key.chatId === chatId)
    .sort((a, b) => b.id - a.id)
    .slice(0, albumLookBehind)
    .map(({ content }) => content as InboundEvent);
  return recent.find((event) => event.albumId === albumId) ?? null;
}

export const sentMessage = (
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): MessageRow | null =>
  newest(
    db,
    channelId,
    chatId,
    (message) => message.direction === 'outbound' && message.channelMessageId === channelMessageId,
  );

export function readSentMessage(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): OutboundContent | null {
  const sent = sentMessage(db, channelId, chatId, channelMessageId);
  return sent === null ? null : (sent.content as OutboundContent);
}

export function listRecentOutbound(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  limit: number,
): readonly OutboundContent[] {
  return [...db.messages.values()]
    .filter(({ key, direction }) => direction === 'outbound' && key.channelId === channelId && key.chatId === chatId)
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(({ content }) => content as OutboundContent);
}

export function readEarlierMessage(
  db: MemoryDatabase,
  { key, messageId }: Pick<MirrorMessage, 'key' | 'messageId'>,
): EarlierMessage | null {
  let earlier: MessageRow | null = null;
  for (const row of db.messages.values()) {
    const isOfChat = row.key.channelId === key.channelId && row.key.chatId === key.chatId && row.id < messageId;
    const counts =
      row.direction === 'inbound' ? row.key.topicId === key.topicId : row.state === 'sent' || row.state === 'unknown';
    if (isOfChat && counts && row.id > (earlier?.id ?? 0)) earlier = row;
  }
  if (earlier === null) return null;
  return { origin: earlier.origin, senderId: earlier.senderId, createdAtMs: Math.round(earlier.createdAtMs) };
}

/** The queries of `store.messageHistory`. */
export const messageHistory = ({ bind }: QueryBinder) =>
  bind('messageHistory', {
    readLastVersion,
    readAlbum,
    readSentMessage,
    listRecentOutbound,
    readEarlier: readEarlierMessage,
  });
