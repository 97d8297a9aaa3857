/** Request headers with a meaning in the API. */
import { z } from 'zod';
import type { ParseFailure } from './json/parse.ts';

/** The maximum length of an Idempotency-Key, in visible ASCII characters. */
export const idempotencyKeyMax = 255;

export const IdempotencyKey = z
  .string()
  .regex(new RegExp(`^[\\x21-\\x7e]{1,${idempotencyKeyMax}}$`))
  .meta({
    minLength: 1,
    maxLength: idempotencyKeyMax,
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

/** Reads `Prefer` (RFC 7240). `strict` is true for `handling=strict`. The first `handling` counts; unknown preferences are ignored, as the RFC requires. */
export const parsePrefer = (header: HeaderValue): { readonly strict: boolean } => {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  for (const preference of text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []) {
    const handling = /^\s*handling\s*=\s*"?\s*([a-z]+)\s*"?\s*(?:;|$)/i.exec(preference);
    if (handling !== null) return { strict: handling[1]?.toLowerCase() === 'strict' };
  }
  return { strict: false };
};
