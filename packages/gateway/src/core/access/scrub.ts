/** A bot token as BotFather makes it, anywhere in a text. Telegram puts it into every URL, where the colon may be escaped. */
const botToken = /\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{24,}/g;
/** The gateway's own API keys. */
const apiKey = /cf_live_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}/g;

/** Removes all that looks like a bot token or an API key. It is the last layer: secrets should not be in a text at all. */
export const scrub = (text: string): string => text.replace(botToken, '[bot token]').replace(apiKey, '[api key]');
