import { channelName } from '@chatferry/contract';
import type { Changed } from '../../engine/send/change-message.ts';
import { ApiError } from '../api-error.ts';
import { refusalSentence } from './failure-words.ts';

type Refused = Extract<Changed, { readonly kind: 'refused' }>;

/** Throws the error of a change that was not done, or may not have been. */
export function assertChanged(changed: Changed, what: 'edit' | 'deletion'): void {
  switch (changed.kind) {
    case 'done':
      return;
    case 'busy':
      throw new ApiError('RATE_LIMITED', { retryAfterMs: changed.retryAfterMs });
    case 'unavailable':
      if (changed.retryAfterMs !== null) throw new ApiError('RATE_LIMITED', { retryAfterMs: changed.retryAfterMs });
      throw new ApiError('UNAVAILABLE', {
        message: `${channelName} has not confirmed the ${what}. Repeat this request: a repetition does no harm.`,
        retryAfterMs: 1_000,
      });
    case 'refused':
      if (changed.because === 'channel-broken') throw new ApiError('FEATURE_DISABLED');
      throw refusal(changed, what);
  }
}

const refusal = (changed: Refused, what: 'edit' | 'deletion'): ApiError =>
  new ApiError('TELEGRAM_REJECTED', {
    message: sentenceOf(changed, what),
    details: [{ pointer: '', message: changed.detail }],
    provider: { error_code: changed.providerCode, description: changed.detail },
    reason: changed.why,
  });

function sentenceOf({ because, detail, why, providerCode }: Refused, what: 'edit' | 'deletion'): string | undefined {
  switch (because) {
    case 'gone':
      return `${channelName} does not have this message any more: it was deleted in the chat.`;
    case 'too-late':
      return what === 'edit'
        ? `${channelName} does not let the bot edit this message any more. Send a new message.`
        : `${channelName} does not delete this message: bots can delete a message for 48 hours.`;
    default:
      return refusalSentence({ name: 'TELEGRAM_REJECTED', reason: detail, why, providerCode });
  }
}
