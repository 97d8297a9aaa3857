import { describeAmended } from '../../core/delivery/amendment.ts';
import type { Next } from '../../core/delivery/decide.ts';
import type { Failure } from '../../core/delivery/failure.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { Flight } from '../../store/intents.ts';
import type { ResultRow } from '../../store/results.ts';
import type { DeliveryDeps } from './delivery.ts';
import type { JournaledResult } from './result-journal.ts';

/** The wait before the second try to store a result. If that one fails too, the result goes to the journal. */
const firstWaitMs = 50;
/** The waits before further tries, when the journal did not accept the result either. */
const moreWaitsMs: readonly number[] = [200, 1_000, 2_000];

export const storeFailed: Failure = {
  name: 'UNAVAILABLE',
  reason: 'abandoned: the store failed before it was sent',
  retryAfterMs: 5_000,
};

/**
 * Where a result is. `superseded`: the message got another state first. `journaled`: it is durable on the disk of this
 * machine. `retrying`: neither the store nor the disk accepted it, so that no caller may be told that it is known.
 */
export type ResultStorage = 'stored' | 'superseded' | 'journaled' | 'retrying';

/** Whether a result that is known now will be known after a crash. */
export const isDurable = (storage: ResultStorage): boolean => storage === 'stored' || storage === 'journaled';

/** Stores Telegram's answer. Neither a fault of the store nor the end of this process may lose it. */
export async function storeResult(
  deps: DeliveryDeps,
  flight: Flight,
  outcome: SendOutcome,
  next: Next,
): Promise<ResultStorage> {
  const row = toResultRow(flight, outcome, next);
  const first = await tryToStore(deps, row, [firstWaitMs]);
  if (first !== 'failed') return first;
  const abandon = failureOfUnsent(row, next);
  if (await deps.resultJournal.append({ row, abandon })) {
    retryInBackground(deps, { row, abandon }, next);
    return 'journaled';
  }
  const later = await tryToStore(deps, row, moreWaitsMs);
  if (later !== 'failed') return later;
  retryInBackground(deps, { row, abandon }, next);
  return 'retrying';
}

/** Why a message that surely was not sent is given up, if this attempt was its last one. Null for other results. */
function failureOfUnsent(row: ResultRow, next: Next): Failure | null {
  if (row.state !== 'pending') return null;
  return 'failure' in next ? next.failure : storeFailed;
}

function retryInBackground(deps: DeliveryDeps, { row, abandon }: JournaledResult, next: Next): void {
  deps.retryUntilStored(`result of message ${row.flight.messageId}`, async () => {
    await deps.store.results.record(row);
    if (next.kind === 'sent') deps.onResult();
    if (abandon !== null) await deps.store.flights.abandon(row.flight, abandon);
  });
}

/** Tries at once, and again after each wait. A try that failed may have stored the result nevertheless. */
async function tryToStore(
  { store, clock, log }: DeliveryDeps,
  row: ResultRow,
  waitsMs: readonly number[],
): Promise<'stored' | 'superseded' | 'failed'> {
  const { messageId } = row.flight;
  for (const waitMs of [...waitsMs, null]) {
    try {
      const isStored = (await store.results.record(row)) || (await store.results.isStored(row));
      return isStored ? 'stored' : 'superseded';
    } catch (cause) {
      log.failed({ err: cause, messageId, what: 'result not stored yet' });
      if (waitMs !== null) await clock.sleep(waitMs);
    }
  }
  return 'failed';
}

function toResultRow(flight: Flight, outcome: SendOutcome, next: Next): ResultRow {
  return {
    flight,
    state: stateAfter(next),
    outcome: outcome.kind,
    channelMessageId: outcome.kind === 'delivered' ? outcome.channelMessageId : null,
    ...(outcome.kind === 'delivered' && outcome.channelMessageIds !== undefined
      ? { channelMessageIds: outcome.channelMessageIds }
      : {}),
    failure: next.kind === 'failed' || next.kind === 'unknown' ? next.failure : null,
    detail: detailOf(outcome, next),
  };
}

function detailOf(outcome: SendOutcome, next: Next): string | null {
  if (next.kind === 'again' && next.amended !== undefined) return describeAmended(next.amended);
  return outcome.kind === 'delivered' ? null : outcome.detail;
}

function stateAfter(next: Next): ResultRow['state'] {
  switch (next.kind) {
    case 'sent':
      return 'sent';
    case 'failed':
      return 'failed';
    case 'unknown':
      return 'unknown';
    case 'again':
    case 'give-up':
      return 'pending';
  }
}
