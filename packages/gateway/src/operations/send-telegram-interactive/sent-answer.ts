import type { Problem, Sent } from '@chatferry/contract';
import type { Failure } from '../../core/delivery/failure.ts';
import type { Delivery, NotSent } from '../../engine/send/delivery.ts';
import { ApiError } from '../api-error.ts';
import { reasonOf, refusalSentence } from '../messages/failure-words.ts';

/** The body of the 201. Throws the error of every delivery that did not succeed. */
export function sentAnswer(requestId: string, delivery: Delivery, warnings: readonly Problem[]): Sent {
  switch (delivery.kind) {
    case 'sent':
      return {
        request_id: requestId,
        message_id: delivery.messageId,
        channel_message_id: `tg-${delivery.channelMessageId}`,
        ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
      };
    case 'not-sent':
      throw notSentError(delivery);
    case 'unknown':
      throw new ApiError('OUTCOME_UNKNOWN', { messageId: delivery.messageId, requestId });
    case 'failed':
      throw refusal(requestId, delivery.messageId, delivery.failure);
  }
}

/** Nothing was stored: the answer has no message id. */
function notSentError(delivery: NotSent): ApiError {
  switch (delivery.because) {
    case 'rate-limited':
      return new ApiError('RATE_LIMITED', { retryAfterMs: delivery.retryAfterMs });
    case 'chat-queue-full':
      return new ApiError('RATE_LIMITED', {
        message: `Too many requests: ${delivery.detail}; nothing was sent. Repeat this request after the seconds in the Retry-After header.`,
        retryAfterMs: 1_000,
      });
    case 'caller-left':
    case 'postponed':
      return new ApiError('UNAVAILABLE', { retryAfterMs: 1_000 });
    case 'channel-closed':
      return new ApiError('FEATURE_DISABLED');
    case 'key-taken':
      return new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });
  }
}

function refusal(requestId: string, messageId: number, failure: Failure): ApiError {
  const { name, reason: words, providerCode, retryAfterMs } = failure;
  const shared = {
    messageId,
    retryAfterMs,
    requestId,
    reason: reasonOf(failure) ?? undefined,
    message: refusalSentence(failure),
  };
  if (providerCode === undefined) return new ApiError(name, shared);
  return new ApiError(name, {
    ...shared,
    details: [{ pointer: '', message: words }],
    provider: { error_code: providerCode, description: words },
  });
}
