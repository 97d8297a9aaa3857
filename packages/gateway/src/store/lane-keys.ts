/** The inbox lane of a chat, which orders the customer's messages and the sent ones together. */
export const inboxLaneKey = (channelId: string, chatId: string): string => `inbox:${channelId}:${chatId}`;

/** The lane of one message's files, which follow their words. */
export const fileLaneKey = (channelId: string, chatId: string, messageId: number): string =>
  `file:${channelId}:${chatId}:${messageId}`;

/** The lane of a chat's events for one webhook endpoint. Events without a chat have the lane of their channel. */
export const webhookLaneKey = (endpointId: string, channelId: string | null, chatId: string | null): string =>
  `webhook:${endpointId}:${channelId ?? '-'}:${chatId ?? '-'}`;
