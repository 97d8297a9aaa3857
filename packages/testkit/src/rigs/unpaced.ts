/** Settings of a gateway without Telegram's rate limits, where keys may get any limit. Only the tests about the limits wait for them. */
export const unpaced = {
  CHATFERRY_CHAT_RATE_PER_SECOND: '0',
  CHATFERRY_GROUP_RATE_PER_MINUTE: '0',
  CHATFERRY_BOT_RATE_PER_SECOND: '0',
  CHATFERRY_KEY_RATE_MAX_PER_SECOND: '100000',
  CHATFERRY_KEY_RATE_MAX_BURST: '1000000',
};
