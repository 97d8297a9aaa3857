/**
 * Ids: a prefix for the kind and 26 characters of Crockford's base 32. These contain 48 bits of time and 80 random bits, so ids sort by age.
 * The public `message_id` is an integer without a prefix; `request_id` is a UUID.
 */
import { z } from 'zod';

/** Every prefix. `secret` values must not appear in logs, errors or database columns. */
export const idKinds = {
  workspace: { prefix: 'wsp_', secret: false },
  channel: { prefix: 'chn_', secret: false },
  connection: { prefix: 'con_', secret: false },
  key: { prefix: 'key_', secret: false },
  conversation: { prefix: 'cnv_', secret: false },
  webhook: { prefix: 'whk_', secret: false },
  webhookEndpoint: { prefix: 'whe_', secret: false },
  deadLetter: { prefix: 'ddl_', secret: false },
  alarm: { prefix: 'alm_', secret: false },
  auditEntry: { prefix: 'aud_', secret: false },
  event: { prefix: 'evt_', secret: false },
  person: { prefix: 'per_', secret: false },
  session: { prefix: 'ses_', secret: false },
  adminToken: { prefix: 'tok_', secret: false },
  adminTokenSecret: { prefix: 'cft_', secret: true },
  invitation: { prefix: 'cfi_', secret: true },
  webhookSecret: { prefix: 'whs_', secret: true },
  apiKey: { prefix: 'cf_live_', secret: true },
  testApiKey: { prefix: 'cf_test_', secret: true },
} as const satisfies Record<string, { prefix: string; secret: boolean }>;

export type IdKind =
  | 'workspace'
  | 'channel'
  | 'connection'
  | 'key'
  | 'conversation'
  | 'webhook'
  | 'webhookEndpoint'
  | 'deadLetter'
  | 'alarm'
  | 'auditEntry'
  | 'event'
  | 'person'
  | 'session'
  | 'adminToken';
export type Id<K extends IdKind> = string & { readonly __brand: K };
export type WorkspaceId = Id<'workspace'>;
export type ChannelId = Id<'channel'>;
export type KeyId = Id<'key'>;
export type ConversationId = Id<'conversation'>;

const base32 = '0123456789abcdefghjkmnpqrstvwxyz';
const bodyPattern = '[0-9a-z]{1,40}';

/** Whether the text has the format of an id of this kind. */
export const isId = <K extends IdKind>(kind: K, text: string): text is Id<K> =>
  text.startsWith(idKinds[kind].prefix) && new RegExp(`^${bodyPattern}$`).test(text.slice(idKinds[kind].prefix.length));

/** The schema of an id in requests and answers: a string with a pattern. */
export const idSchema = (kind: IdKind) =>
  z
    .string()
    .regex(
      new RegExp(`^${idKinds[kind].prefix}${bodyPattern}$`),
      `must be an id that begins with ${idKinds[kind].prefix}, as the API returned it.`,
    );

/** Makes an id from a time in milliseconds since 1970 and ten random bytes. */
export const makeId = <K extends IdKind>(kind: K, timeMs: number, random: Uint8Array): Id<K> => {
  if (random.length !== 10) throw new RangeError(`An id needs 10 random bytes, not ${random.length}.`);
  let bits = BigInt(timeMs);
  for (const byte of random) bits = (bits << 8n) | BigInt(byte);
  let body = '';
  for (let index = 0; index < 26; index += 1) {
    body = (base32[Number(bits & 31n)] ?? '') + body;
    bits >>= 5n;
  }
  return `${idKinds[kind].prefix}${body}` as Id<K>;
};
