/** The inbox lane of a chat, which orders the customer's messages and the sent ones together. */
export const inboxLaneKey = (channelId: string, chatId: string): string => `inbox:${channelId}:${chatId}`;

/** The lane of one scheduled message. It is due when the message is. */
export const scheduleLaneKey = (channelId: string, messageId: number | ''): string =>
  `scheduled:${channelId}:${messageId}`;

/** The lane of one message's files, which follow their words. */
export const fileLaneKey = (channelId: string, chatId: string, messageId: number): string =>
  `file:${channelId}:${chatId}:${messageId}`;
