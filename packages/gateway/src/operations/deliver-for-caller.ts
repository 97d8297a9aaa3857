import { deliverClaimed } from '../engine/send/deliver-claimed.ts';
import type { Delivery, DeliveryRequest } from '../engine/send/delivery.ts';
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
