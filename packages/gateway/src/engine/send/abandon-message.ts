import type { Failure } from '../../core/delivery/failure.ts';
import type { Flight } from '../../store/intents.ts';
import type { ResultRow } from '../../store/results.ts';
import type { Delivery, DeliveryDeps } from './delivery.ts';

/**
 * Gives up a message that surely was not sent, so that its chat can be sent to again. `row` is a result that is not stored
 * yet and goes first. Tries again in the background if the store fails.
 */
export async function abandonAndReleaseChat(
  deps: DeliveryDeps,
  flight: Flight,
  failure: Failure,
  row: ResultRow | null,
): Promise<void> {
  const work = async () => {
    if (row !== null) await deps.store.results.record(row);
    if (failure.name === 'RATE_LIMITED' && failure.retryAfterMs !== undefined) {
      await deps.store.chats.pause({ ...flight, pauseMs: failure.retryAfterMs });
    }
    await deps.store.flights.abandon(flight, failure);
  };
  try {
    await work();
  } catch (cause) {
    deps.log.failed({ err: cause, messageId: flight.messageId, what: 'message not abandoned, trying again' });
    if (row !== null) await deps.resultJournal.append({ row, abandon: failure });
    deps.retryUntilStored(`end of message ${flight.messageId}`, work);
  }
}

/**
 * Makes a scheduled message that surely was not sent wait again, and frees its chat. If the store fails, the same happens in the
 * background: the message's job waits until it is `scheduled`.
 */
export async function postponeAndReleaseChat(deps: DeliveryDeps, flight: Flight): Promise<void> {
  const work = () => deps.store.flights.postpone(flight);
  try {
    await work();
  } catch (cause) {
    deps.log.failed({ err: cause, messageId: flight.messageId, what: 'message not postponed, trying again' });
    deps.retryUntilStored(`end of message ${flight.messageId}`, work);
  }
}

/** Gives up a message whose attempt was stored, or may have been, and never reached the wire. */
export async function abandonUnsent(deps: DeliveryDeps, flight: Flight, failure: Failure): Promise<Delivery> {
  const { reason: detail } = failure;
  await abandonAndReleaseChat(deps, flight, failure, {
    flight,
    state: 'pending',
    outcome: 'deferred',
    channelMessageId: null,
    failure: null,
    detail,
  });
  return { kind: 'failed', messageId: flight.messageId, failure };
}
