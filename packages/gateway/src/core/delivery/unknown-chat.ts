import type { Chat } from '../message/inbound.ts';

/** The title of a chat whose owner is unknown. */
export const titleOfUnknown = (chatId: string): string => `Telegram chat ${chatId}`;

/** A chat that is known only by its id. Telegram: the ids of groups and channels are negative. */
export const unknownChat = (chatId: string): Omit<Chat, 'topicId'> => ({
  chatId,
  kind: chatId.startsWith('-') ? 'group' : 'private',
  title: titleOfUnknown(chatId),
  username: null,
});
