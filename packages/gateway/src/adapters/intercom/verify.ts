import { timingSafeEqual } from 'node:crypto';
import type { RawHeaders } from '../../ports/channel-kind.ts';
import type { BoundSecret } from '../../ports/secret.ts';

/** Whether the head has a signature of Intercom's form, `X-Hub-Signature: sha1=<40 hex>`. */
export function hasSignature(headers: RawHeaders): boolean {
  const given = headers['x-hub-signature'];
  return typeof given === 'string' && /^sha1=[0-9a-f]{40}$/i.test(given);
}

/**
 * Whether a webhook comes from the app that `clientSecret` belongs to. `rawBody` are the bytes as they arrived.
 * Intercom: `X-Hub-Signature: sha1=<40 hex>`, HMAC-SHA1 of the body. Without a secret nothing is accepted.
 */
export function verify(
  call: { readonly headers: RawHeaders; readonly rawBody: Buffer },
  clientSecret: BoundSecret | null,
): boolean {
  const given = call.headers['x-hub-signature'];
  if (clientSecret === null || clientSecret.isEmpty() || typeof given !== 'string') return false;
  const expected = Buffer.from(`sha1=${clientSecret.hmac('sha1', call.rawBody).toString('hex')}`);
  const actual = Buffer.from(given.toLowerCase());
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
