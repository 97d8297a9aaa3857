import { hash, timingSafeEqual } from 'node:crypto';
import type { RawHeaders } from '../../ports/channel-kind.ts';
import type { Secret } from '../../ports/secret.ts';

/** Telegram: the only authentication of a webhook call, in the words of setWebhook's `secret_token`. */
const secretHeader = 'x-telegram-bot-api-secret-token';

/** Whether the call carries the channel's secret. An empty secret matches nothing. Takes the same time for any value. */
export function verify(headers: RawHeaders, secret: Secret): boolean {
  const given = headers[secretHeader];
  const wanted = secret.reveal();
  const same = timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(wanted));
  return same && wanted !== '';
}

const digest = (value: string): Buffer => hash('sha256', value, 'buffer');
