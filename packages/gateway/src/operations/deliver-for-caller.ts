import type { Problem, Sent } from '@chatferry/contract';
import type { Failure } from '../core/delivery/failure.ts';
import { LaneFullError, LaneLeftError } from '../engine/send/chat-queue.ts';
import { releasesKey } from '../engine/send/claim-delivery.ts';
import { ChannelClosedError, type Delivery, type DeliveryRequest, KeyTakenError } from '../engine/send/deliver.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deadlines } from '../ports/deadlines.ts';
import type { IntentRow } from '../store/intents.ts';
import { ApiError } from './api-error.ts';
import type { Idempotency } from './idempotency.ts';

export interface CallerDeps {
  readonly kind: ChannelKind;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly idempotency: Pick<Idempotency, 'release'>;
  /** How long a caller is kept waiting; the attempt goes on after it. */
  readonly callerWaitMs: number;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
}

/** Answers when the delivery is settled or the caller has waited long enough; the delivery itself is never cut short. */
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
  const delivery = deliver({ ...request, deadlineMs, signal: left.signal, onTaken }).then(
    (settledAs) => releaseUnlessKept(idempotency, request.intent, settledAs),
    async (cause: unknown) => {
      await releaseKeyOf(idempotency, request.intent);
      throw refusalBeforeIntent(cause);
    },
  );
  return new Promise((resolve, reject) => {
    const stopWaiting = deadlines.after(callerWaitMs, () => {
      if (messageId !== null) {
        const failure = { name: 'OUTCOME_UNKNOWN', reason: `${kind.displayName} has not answered yet` } as const;
        resolve({ kind: 'unknown', messageId, failure });
        return;
      }
      // Nothing is on the wire, and an intent that becomes durable from here on is abandoned untried.
      left.abort(null);
      reject(new ApiError('UNAVAILABLE', { retryAfterMs: 1_000 }));
    });
    delivery.finally(stopWaiting).then(resolve, reject);
  });
}

/** A send that came to nothing gives its Idempotency-Key back, also when its caller has gone. */
function releaseUnlessKept(
  idempotency: CallerDeps['idempotency'],
  intent: IntentRow,
  delivery: Delivery,
): Delivery | Promise<Delivery> {
  const isKept = delivery.kind !== 'shed' && !(delivery.kind === 'failed' && releasesKey(delivery.failure.name));
  return isKept ? delivery : releaseKeyOf(idempotency, intent).then(() => delivery);
}

async function releaseKeyOf(idempotency: CallerDeps['idempotency'], intent: IntentRow): Promise<void> {
  if (intent.idempotency !== null) await idempotency.release(intent.idempotency, intent.requestId);
}

/** Whatever fails before the intent is stored leaves nothing behind, so the caller may simply try again. */
function refusalBeforeIntent(cause: unknown): ApiError {
  if (cause instanceof LaneFullError) {
    return new ApiError('RATE_LIMITED', {
      message: `Too many requests: ${cause.message}; nothing was sent. Repeat this request after the seconds in the Retry-After header.`,
      retryAfterMs: 1_000,
      cause,
    });
  }
  if (cause instanceof ChannelClosedError) return new ApiError('FEATURE_DISABLED', { cause });
  if (cause instanceof KeyTakenError) return new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000, cause });
  return new ApiError('UNAVAILABLE', { retryAfterMs: cause instanceof LaneLeftError ? 1_000 : 5_000, cause });
}

/** What a caller is told of a delivery; throws what is no success. */
export function toSent(requestId: string, delivery: Delivery, warnings: readonly Problem[]): Sent {
  switch (delivery.kind) {
    case 'sent':
      return {
        request_id: requestId,
        message_id: delivery.messageId,
        channel_message_id: `tg-${delivery.channelMessageId}`,
        ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
      };
    case 'shed':
      throw new ApiError('RATE_LIMITED', { retryAfterMs: delivery.retryAfterMs });
    case 'unknown':
      throw new ApiError('OUTCOME_UNKNOWN', { messageId: delivery.messageId, requestId });
    case 'failed':
      throw refusal(requestId, delivery.messageId, delivery.failure);
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
