import { timingSafeEqual } from 'node:crypto';
import type { RawHeaders } from '../../ports/channel-kind.ts';
import type { BoundSecret } from '../../ports/secret.ts';

/** HubSpot: five minutes; ours holds in both directions. */
const timestampToleranceMs = 5 * 60_000;

/** Whether the head has a signature v3 (base64 of 32 bytes) and a timestamp that is not too old. */
export function hasSignature(headers: RawHeaders, nowMs: number): boolean {
  const given = headers['x-hubspot-signature-v3'];
  const hasForm = typeof given === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(given);
  return hasForm && isTimely(headers['x-hubspot-request-timestamp'], nowMs);
}

const isTimely = (timestamp: RawHeaders[string], nowMs: number): timestamp is string =>
  typeof timestamp === 'string' &&
  /^\d{1,16}$/.test(timestamp) &&
  Math.abs(nowMs - Number(timestamp)) <= timestampToleranceMs;

/**
 * Whether a webhook comes from the app that `clientSecret` belongs to. `publicUrl` is the configured address with its
 * query, never the one that a proxy shows; `rawBody` are the bytes as they arrived. HubSpot, signature v3: base64 of
 * HMAC-SHA256 over method, address, body and `X-HubSpot-Request-Timestamp` (milliseconds). Fails closed.
 */
export function verify(
  call: {
    readonly method: string;
    readonly publicUrl: string;
    readonly headers: RawHeaders;
    readonly rawBody: Buffer;
  },
  clientSecret: BoundSecret | null,
  nowMs: number,
): boolean {
  const given = call.headers['x-hubspot-signature-v3'];
  const timestamp = call.headers['x-hubspot-request-timestamp'];
  if (clientSecret === null || clientSecret.isEmpty()) return false;
  if (typeof given !== 'string' || !isTimely(timestamp, nowMs)) return false;
  const expected = clientSecret
    .hmac('sha256', call.method.toUpperCase(), signedUrl(call.publicUrl), call.rawBody, timestamp)
    .toString('base64');
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** HubSpot signs the address with exactly these characters decoded. */
const decodable = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const signedUrl = (url: string): string => url.replace(decodable, (code) => decodeURIComponent(code));
