import { badRequest } from './errors.ts';

/** Telegram: the raw text, before parsing, may take 32768 bytes. */
const rawTextLimitBytes = 32768;
/** Telegram: a message's text, after parsing and trimming, may take 4096 code points. */
const textLimitCodePoints = 4096;

const cleanable = /[\p{Cc}\u2028-\u202e]/gu;
const invisibleOnly =
  /^[\s\u00a0\u00ad\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2800\u3000\ufeff\uffa0\ufffc]*$/;

/** What the Bot API server itself checks, before it asks for the chat. */
export function checkRawText(raw: string): void {
  if (raw === '') throw badRequest('Message text is empty');
  if (raw.length * 3 > rawTextLimitBytes && Buffer.byteLength(raw) > rawTextLimitBytes)
    throw badRequest('Text is too long');
}

/** The text as it stands in the chat: cleaned, trimmed, not empty, not too long. */
export function normalizeText(raw: string): string {
  const text = trimText(cleanText(raw));
  if (invisibleOnly.test(text)) throw badRequest('Text must be non-empty');
  if (text.length > textLimitCodePoints && countCodePoints(text) > textLimitCodePoints)
    throw badRequest('Message is too long');
  return text;
}

/** Telegram: `\r` and U+2028 to U+202E vanish, other control characters but the line feed become spaces. */
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
