/** Request headers with a meaning in the API. */
import { z } from 'zod';
import type { ParseFailure } from './json/parse.ts';

/** The maximum length of an Idempotency-Key, in visible ASCII characters. */
export const idempotencyKeyMax = 255;

/** The maximum length of all `Prefer` headers of a request together, in characters. */
export const preferMax = 256;

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .max(idempotencyKeyMax)
  .meta({
    minLength: 1,
    description:
      'Makes repetition safe: for 72 hours the same key with the same body is carried out only once and gets the same answer again. An answer with a secret that is shown once is not repeated: then the error 110 names what was made.',
  });

/** The headers of operations that create something. */
export const IdempotentHeaders = z.strictObject({ 'Idempotency-Key': IdempotencyKey.optional() });

/** The headers of a send. */
export const SendHeaders = z.strictObject({
  'Idempotency-Key': IdempotencyKey.optional(),
  Prefer: z
    .string()
    .max(preferMax)
    .optional()
    .meta({ description: '`handling=strict` makes unknown fields an error.', examples: ['handling=strict'] }),
});

/** The value of a header in Node. */
export type HeaderValue = string | readonly string[] | undefined;

/** Reads `Idempotency-Key`. `key` is undefined if the header is absent. */
export const parseIdempotencyKey = (
  header: HeaderValue,
): { readonly ok: true; readonly key: string | undefined } | ParseFailure => {
  if (header === undefined) return { ok: true, key: undefined };
  if (typeof header === 'string' && IdempotencyKey.safeParse(header).success) return { ok: true, key: header };
  const message = `Idempotency-Key must be sent once, with 1 to ${idempotencyKeyMax} visible ASCII characters.`;
  return { ok: false, code: 4, message, details: [{ pointer: '#/headers/Idempotency-Key', message }] };
};

/**
 * Reads `Prefer` (RFC 7240). `strict` is true for `handling=strict`. The first `handling` counts; unknown preferences are ignored, as the RFC requires.
 * More than `preferMax` characters are refused unread: to ignore them would switch off strict handling unnoticed.
 */
export const parsePrefer = (header: HeaderValue): { readonly ok: true; readonly strict: boolean } | ParseFailure => {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  if (text.length > preferMax) {
    const message = `Prefer must have at most ${preferMax} characters. Send handling=strict, or nothing.`;
    return { ok: false, code: 4, message, details: [{ pointer: '#/headers/Prefer', message }] };
  }
  for (const preference of listPreferences(text)) {
    const [name = '', value = ''] = (preference.split(';', 1)[0] ?? '').split('=', 2).map((part) => part.trim());
    if (name.toLowerCase() === 'handling') return { ok: true, strict: unquote(value).toLowerCase() === 'strict' };
  }
  return { ok: true, strict: false };
};

/** The members of a list that is separated by commas. A comma in quotes separates nothing. */
const listPreferences = (text: string): readonly string[] => {
  const members: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') isQuoted = !isQuoted;
    else if (char === '\\' && isQuoted) at += 1;
    else if (char === ',' && !isQuoted) {
      members.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...members, text.slice(start)];
};

const unquote = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1).trim() : value;
