/** A bot token as BotFather makes it, wherever it stands; Telegram puts it into every URL, where the colon may be escaped. */
const botToken = /\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{24,}/g;
/** Our own API keys. */
const apiKey = /cf_live_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}/g;

/** Text without anything that looks like a bot token or one of our keys: the last layer, behind not having them there at all. */
export const scrub = (text: string): string => text.replace(botToken, '[bot token]').replace(apiKey, '[api key]');
