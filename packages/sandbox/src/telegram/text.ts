import { badRequest } from './errors.ts';

/** Telegram: the limit of the text before parsing. */
const rawTextLimitBytes = 32768;
/** Telegram: the limit of a text after parsing and trimming. */
const textLimitCodePoints = 4096;

const cleanable = /[\p{Cc}\u2028-\u202e]/gu;
const invisibleOnly =
  /^[\s\u00a0\u00ad\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2800\u3000\ufeff\uffa0\ufffc]*$/;

/** The checks that the Bot API server makes before it looks for the chat. */
export function checkRawText(raw: string): void {
  if (raw === '') throw badRequest('Message text is empty');
  if (raw.length * 3 > rawTextLimitBytes && Buffer.byteLength(raw) > rawTextLimitBytes)
    throw badRequest('Text is too long');
}

/** The text as Telegram stores it: cleaned and trimmed. Throws a `BotApiError` if it is empty or too long. */
export function normalizeText(raw: string): string {
  const text = trimText(cleanText(raw));
  if (invisibleOnly.test(text)) throw badRequest('Text must be non-empty');
  if (text.length > textLimitCodePoints && countCodePoints(text) > textLimitCodePoints)
    throw badRequest('Message is too long');
  return text;
}

/** Telegram: `\r` and U+2028 to U+202E are removed; other control characters except the line feed become spaces. */
export function cleanText(text: string): string {
  return text.replace(cleanable, (found) => {
    if (found === '\r' || found >= '\u2028') return '';
    return found < ' ' && found !== '\n' ? ' ' : found;
  });
}

export function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}

function trimText(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const isBlank = (unit: number): boolean => unit === 0x20 || unit === 0x0a;
