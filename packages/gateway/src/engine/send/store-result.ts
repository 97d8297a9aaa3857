import type { Next } from '../../core/delivery/decide.ts';
import type { Failure } from '../../core/delivery/failure.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { Flight } from '../../store/intents.ts';
import type { ResultRow } from '../../store/results.ts';
import type { Delivery, DeliveryDeps } from './deliver.ts';
import type { KeptResult } from './result-journal.ts';

/** Waits between tries to store a result that Telegram has already given: before it is put into the journal, and after that failed. */
const firstWaitMs = 50;
const moreWaitsMs: readonly number[] = [200, 1_000, 2_000];

export const storeFailed: Failure = {
  name: 'UNAVAILABLE',
  reason: 'abandoned: the store failed before it was sent',
  retryAfterMs: 5_000,
};
/**
 * What became of a result: `superseded` where the row was judged meanwhile, `journaled` where it is durable on this machine's
 * disk, `insisted` where neither the store nor the disk took it: then nobody may be told that it is known.
 */
export type Kept = 'stored' | 'superseded' | 'journaled' | 'insisted';

/** Whether what is known now will be known after a crash. */
export const isDurable = (kept: Kept): boolean => kept === 'stored' || kept === 'journaled';

/** Telegram's answer is known and must not be lost to a fault of the store, nor to the end of this process during one. */
export async function storeResult(deps: DeliveryDeps, flight: Flight, outcome: SendOutcome, next: Next): Promise<Kept> {
  const row = toResultRow(flight, outcome, next);
  const kept: KeptResult = {
    row,
    abandon: row.state !== 'pending' ? null : 'failure' in next ? next.failure : storeFailed,
  };
  const once = await tryToStore(deps, row, [firstWaitMs]);
  if (once !== 'failed') return once;
  const insist = () => {
    deps.insist(`result of message ${flight.messageId}`, async () => {
      await deps.store.results.record(row);
      if (next.kind === 'sent') deps.onResult();
      if (kept.abandon !== null) await deps.store.flights.abandon(flight, kept.abandon);
    });
  };
  if (await deps.results.keep(kept)) {
    insist();
    return 'journaled';
  }
  const more = await tryToStore(deps, row, moreWaitsMs);
  if (more !== 'failed') return more;
  insist();
  return 'insisted';
}

/** At once, and again after each wait. After a try that failed the result may be there all the same. */
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
    failure: next.kind === 'failed' || next.kind === 'unknown' ? next.failure : null,
    detail: outcome.kind === 'delivered' ? null : outcome.detail,
  };
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

/** Frees the lane of a message that is surely not sent; first stores the result that is not stored yet. */
export async function free(deps: DeliveryDeps, flight: Flight, failure: Failure, row: ResultRow | null): Promise<void> {
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
    if (row !== null) await deps.results.keep({ row, abandon: failure });
    deps.insist(`end of message ${flight.messageId}`, work);
  }
}

/** Ends a message whose try was, or may have been, stored and surely never went to the wire. */
export async function endUntried(deps: DeliveryDeps, flight: Flight, failure: Failure): Promise<Delivery> {
  const { reason: detail } = failure;
  await free(deps, flight, failure, {
    flight,
    state: 'pending',
    outcome: 'deferred',
    channelMessageId: null,
    failure: null,
    detail,
  });
  return { kind: 'failed', messageId: flight.messageId, failure };
}

/** Where so many chats are limited that the bot is, all its sends pause, in every process. */
export async function noteLimit(deps: DeliveryDeps, { channelId, chatId }: Flight, pauseMs: number): Promise<void> {
  if (!deps.pace.limited(channelId, chatId, pauseMs)) return;
  deps.pace.pauseBot(channelId, pauseMs);
  try {
    await deps.store.channels.pauseBot(channelId, pauseMs);
  } catch (cause) {
    deps.log.failed({ err: cause, channelId, what: 'pause of the bot not stored' });
  }
}

/**
 * Marks what a refusal says of the chat or the bot. The next refusal says it again, so that a fault here is no harm: therefore
 * a bot that could not be marked stays open, for those who wait would be told of a reason that nobody can see or mend.
 */
export async function noteRefusal(
  deps: DeliveryDeps,
  flight: Flight,
  next: Extract<Next, { kind: 'failed' }>,
): Promise<void> {
  try {
    if (next.recipientGone) await deps.store.chats.markBlocked(flight);
    if (next.channelBroken) {
      deps.pace.close(flight.channelId);
      await deps.health.markChannelBroken(flight.channelId, next.failure.reason);
    }
  } catch (cause) {
    if (next.channelBroken) deps.pace.reopen(flight.channelId);
    deps.log.failed({ err: cause, messageId: flight.messageId, what: 'refusal not noted' });
  }
}
