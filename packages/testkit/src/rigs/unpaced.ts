/** Settings of a gateway that does not keep to Telegram's limits: tests do not wait for them, but those that are about them. */
export const unpaced = {
  CHATFERRY_CHAT_RATE_PER_SECOND: '0',
  CHATFERRY_GROUP_RATE_PER_MINUTE: '0',
  CHATFERRY_BOT_RATE_PER_SECOND: '0',
};
