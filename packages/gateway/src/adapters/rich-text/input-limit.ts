/**
 * The part of an agent's words that is read, in UTF-16 code units: as much as a webhook can carry. A history that is read later
 * may have more. Telegram takes 4096 in one message.
 */
export const inputMax: number = 1024 * 1024;
