import type { Problem, Sent } from '@chatferry/contract';
import type { Failure } from '../core/delivery/failure.ts';
import { deliverClaimed } from '../engine/send/deliver-claimed.ts';
import type { Delivery, DeliveryRequest, NotSent } from '../engine/send/delivery.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deadlines } from '../ports/deadlines.ts';
import { ApiError } from './api-error.ts';
import type { Idempotency } from './idempotency.ts';

export interface CallerDeps {
  readonly kind: ChannelKind;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly idempotency: Pick<Idempotency, 'release'>;
  /** How long a caller waits. The attempt continues afterwards. */
  readonly callerWaitMs: number;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
}

/** Answers when the delivery has ended or the caller has waited long enough. The delivery itself is never cut short. */
export async function deliverForCaller(
  { kind, clock, deadlines, callerWaitMs, deliver, idempotency }: CallerDeps,
  request: Omit<DeliveryRequest, 'deadlineMs' | 'signal' | 'onTaken'>,
): Promise<Delivery> {
  const deadlineMs = clock.monotonicMs() + callerWaitMs;
  const left = new AbortController();
  let messageId: number | null = null;
  const onTaken = (id: number) => {
    messageId = id;
  };
  const delivery = deliverClaimed(
    { deliver, releaseKey: idempotency.release },
    { ...request, deadlineMs, signal: left.signal, onTaken },
  ).catch((cause: unknown) => {
    // The store failed before the intent was stored. Nothing is left behind, so the caller may simply try again.
    throw new ApiError('UNAVAILABLE', { retryAfterMs: 5_000, cause });
  });
  return new Promise((resolve, reject) => {
    const stopWaiting = deadlines.after(callerWaitMs, () => {
      if (messageId !== null) {
        const failure = { name: 'OUTCOME_UNKNOWN', reason: `${kind.displayName} has not answered yet` } as const;
        resolve({ kind: 'unknown', messageId, failure });
        return;
      }
      // Nothing is on the wire. An intent that becomes durable from here on is abandoned without an attempt.
      left.abort(null);
      reject(new ApiError('UNAVAILABLE', { retryAfterMs: 1_000 }));
    });
    delivery.finally(stopWaiting).then(resolve, reject);
  });
}

/** The answer to a caller. Throws the error of every delivery that did not succeed. */
export function toSent(requestId: string, delivery: Delivery, warnings: readonly Problem[]): Sent {
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
      return new ApiError('UNAVAILABLE', { retryAfterMs: 1_000 });
    case 'channel-closed':
      return new ApiError('FEATURE_DISABLED');
    case 'key-taken':
      return new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });
  }
}

function refusal(requestId: string, messageId: number, failure: Failure): ApiError {
  const { name, reason, providerCode, retryAfterMs } = failure;
  if (providerCode === undefined) return new ApiError(name, { messageId, retryAfterMs, requestId });
  return new ApiError(name, {
    messageId,
    retryAfterMs,
    requestId,
    details: [{ pointer: '', message: reason }],
    provider: { error_code: providerCode, description: reason },
  });
}
