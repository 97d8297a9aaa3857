import type { Chat } from '../message/inbound.ts';

/** What a chat is called while nobody knows whose it is. */
export const titleOfUnknown = (chatId: string): string => `Telegram chat ${chatId}`;

/** A chat of which nothing is known but its id. Telegram: the ids of groups and channels are negative. */
export const unknownChat = (chatId: string): Omit<Chat, 'topicId'> => ({
  chatId,
  kind: chatId.startsWith('-') ? 'group' : 'private',
  title: titleOfUnknown(chatId),
  username: null,
});
