import type { Chat } from '../../core/message/inbound.ts';

/** Telegram: the ids of groups and channels are negative. */
export const isGroup = (chatId: string): boolean => chatId.startsWith('-');

/** A chat whose id is the only known fact. */
export const unknownChat = (chatId: string): Omit<Chat, 'topicId'> => ({
  chatId,
  kind: isGroup(chatId) ? 'group' : 'private',
  title: `Telegram chat ${chatId}`,
  username: null,
});
