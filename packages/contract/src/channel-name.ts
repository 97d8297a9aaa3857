/** The messenger of the customers, as sentences for people name it. */
export const channelName = 'Telegram';
