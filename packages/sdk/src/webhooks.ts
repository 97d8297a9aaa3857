/**
 * Checks webhooks of the gateway. They follow Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
import { ChatferryError } from './errors.js';
import { now } from './runtime.js';
import type { Event } from './types.gen.js';

/** The headers of a request, as `Headers` or as the object that Node has. */
export type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How old, or how far ahead of this clock, a webhook may be, in seconds. Default: 300. */
  readonly toleranceSeconds?: number | undefined;
  /** The current time, in milliseconds since 1970. Default: the clock. */
  readonly nowMs?: number | undefined;
}

/** Why a webhook is not accepted. `secret`: the secret itself cannot be used. */
export type WebhookProblem = 'headers' | 'timestamp' | 'signature' | 'payload' | 'secret';

/** The request is not a webhook that the gateway signed with this secret. Answer it with 400, and do nothing else. */
export class WebhookVerificationError extends ChatferryError {
  override readonly name = 'WebhookVerificationError';
  readonly problem: WebhookProblem;

  constructor(problem: WebhookProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** The maximum number of signatures that are tried. A rotation of secrets has two. */
const signaturesMax = 10;
const toleranceSecondsDefault = 300;
const prefix = 'whsec_';

const readHeader = (headers: HeadersLike, name: string): string => {
  const value =
    typeof headers.get === 'function'
      ? (headers as Headers).get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookVerificationError('headers', `The request has no header ${name}, so it is not a webhook.`);
};

const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
};

const importSecret = (secret: string) => {
  const bytes = decodeBase64(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret);
  if (bytes === undefined || bytes.length === 0)
    throw new WebhookVerificationError('secret', 'The secret must be the whsec_… text of the webhook endpoint.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
};

const checkTimestamp = (timestamp: string, options: VerifyOptions): void => {
  const tolerance = options.toleranceSeconds ?? toleranceSecondsDefault;
  const ageSeconds = /^\d{1,12}$/.test(timestamp) ? (options.nowMs ?? now()) / 1000 - Number(timestamp) : Number.NaN;
  if (Math.abs(ageSeconds) <= tolerance) return;
  throw new WebhookVerificationError('timestamp', `The webhook is not from the last ${tolerance} seconds.`);
};

const toBytes = (payload: string | Uint8Array | ArrayBuffer): Uint8Array =>
  typeof payload === 'string' ? new TextEncoder().encode(payload) : new Uint8Array(payload);

const join = (head: string, payload: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = new TextEncoder().encode(head);
  const joined = new Uint8Array(start.length + payload.length);
  joined.set(start);
  joined.set(payload, start.length);
  return joined;
};

/** The signatures of version 1: `v1,<base64>`, separated by spaces. Others are for other kinds of secrets. */
const readSignatures = (header: string) =>
  header
    .split(' ', signaturesMax)
    .filter((one) => one.startsWith('v1,'))
    .flatMap((one) => decodeBase64(one.slice('v1,'.length)) ?? []);

const isSigned = async (
  secrets: readonly string[],
  signatures: readonly Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> => {
  for (const secret of secrets) {
    const key = await importSecret(secret);
    // Web Crypto compares in constant time.
    for (const one of signatures) if (await crypto.subtle.verify('HMAC', key, one, signed)) return true;
  }
  return false;
};

/**
 * Returns the event of a webhook after the check of its signature and its time. Throws `WebhookVerificationError`.
 *
 * @param payload The body as it arrived, before any parser.
 * @param secret The `whsec_…` secret of the endpoint. Several: any of them may have signed.
 */
const verify = async (
  payload: string | Uint8Array | ArrayBuffer,
  headers: HeadersLike,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): Promise<Event> => {
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  const signatures = readSignatures(readHeader(headers, 'webhook-signature'));
  checkTimestamp(timestamp, options);
  const body = toBytes(payload);
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (!(await isSigned(secrets, signatures, join(`${id}.${timestamp}.`, body))))
    throw new WebhookVerificationError(
      'signature',
      'No signature fits. Check the secret, and that payload is the body as it arrived.',
    );
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new WebhookVerificationError('payload', 'The webhook is signed, but its body is not JSON.');
  }
};

/** What a backend does with the webhooks that it gets. */
export const webhooks = { verify };
