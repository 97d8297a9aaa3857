/**
 * A bot token as BotFather makes it, anywhere in a text. Telegram puts it into every URL, where the colon may be escaped. The look
 * behind it begins each run of digits once: without it a long run would be read again from each of its digits.
 */
const botToken = /(?<!\d)\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{24,}/g;
/** The gateway's own API keys. */
const apiKey = /cf_(?:live|test)_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}/g;

/** The maximum length of a scrubbed text, in characters: about ten screens. What follows is cut off. */
export const scrubbedMax = 32_768;
/** More than a secret has: one that the cut goes through is still recognised. */
const secretMax = 256;

/** Removes all that looks like a bot token or an API key. It is the last layer: secrets should not be in a text at all. */
export const scrub = (text: string): string => {
  const read = text.slice(0, scrubbedMax + secretMax);
  return read.replace(botToken, '[bot token]').replace(apiKey, '[api key]').slice(0, scrubbedMax);
};
