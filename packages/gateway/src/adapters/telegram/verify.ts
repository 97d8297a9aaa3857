import type { RawHeaders } from '../../ports/channel-kind.ts';
import type { BoundSecret } from '../../ports/secret.ts';

/** Telegram: the only authentication of a webhook call, in the words of setWebhook's `secret_token`. */
const secretHeader = 'x-telegram-bot-api-secret-token';

/** Whether the call carries the channel's secret. An empty secret matches nothing. Takes the same time for any value. */
export function verify(headers: RawHeaders, secret: BoundSecret): boolean {
  const given = headers[secretHeader];
  return secret.matches(typeof given === 'string' ? given : '');
}
