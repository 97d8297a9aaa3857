import type { Amended } from '../../core/delivery/amendment.ts';
import type { Patience } from '../../core/delivery/decide.ts';
import { decide, type Next } from '../../core/delivery/decide.ts';
import type { Failure } from '../../core/delivery/failure.ts';
import type { Wire } from '../../ports/channel.ts';
import type { Flight } from '../../store/intents.ts';
import { abandonAndReleaseChat, abandonUnsent, postponeAndReleaseChat } from './abandon-message.ts';
import type { Delivery, DeliveryDeps, DeliveryRequest, NotSent } from './delivery.ts';
import { recordRateLimit, recordRefusal } from './record-refusal.ts';
import { isDurable, type ResultStorage, storeFailed, storeResult } from './store-result.ts';

/** Telegram's own limit for one call. It is longer than any caller waits, so that a late answer is still received. */
export const attemptLimitMs = 55_000;
/** The wait before this process asks again for a chat that another process sends to. */
const busyWaitMs = 25;
/** How long a send without a waiting caller asks for such a chat. Its own queue tries again later. */
const busyWaitMaxMs = 5_000;
const triesMax = 3;
const waitMaxMs = 5_000;

/**
 * Delivers one message: waits for the chat's turn, stores the intent, sends, and stores the result. It is the only caller of
 * `Channel.send`. API requests and workers both use it.
 *
 * Rejects only with an error of the store while the intent is being stored: then nothing was sent and nothing is pending.
 */
export async function deliver(deps: DeliveryDeps, request: DeliveryRequest): Promise<Delivery> {
  const { channelId, chatId } = request.intent;
  const slot = deps.pace.reserve(channelId, chatId, slotPatienceMs(deps, request));
  if (slot.kind === 'too-late') {
    const detail = `more sends wait for this chat, or this bot, than ${deps.kind.displayName} accepts in the time`;
    return rateLimited(detail, slot.retryAfterMs);
  }
  const entry = await deps.chatQueue.enter(`${channelId}:${chatId}`, request.signal);
  switch (entry.kind) {
    case 'full':
      return notSent('chat-queue-full', `${entry.waiting} sends wait for this chat`);
    case 'left':
      return notSent('caller-left', 'the caller gave up while the send waited for the chat');
    case 'admitted':
      try {
        return await deliverInTurn(deps, request, slot.atMs);
      } finally {
        entry.leave();
      }
  }
}

const rateLimited = (detail: string, retryAfterMs: number): NotSent => ({
  kind: 'not-sent',
  because: 'rate-limited',
  detail,
  retryAfterMs,
});

const notSent = (because: Exclude<NotSent['because'], 'rate-limited'>, detail: string): NotSent => ({
  kind: 'not-sent',
  because,
  detail,
});

/** Half of the remaining time. The other half is for the attempt, whose answer the caller wants. */
const slotPatienceMs = (deps: DeliveryDeps, request: DeliveryRequest): number =>
  (remainingMs(deps, request) ?? 2 * busyWaitMaxMs) / 2;

async function deliverInTurn(deps: DeliveryDeps, request: DeliveryRequest, slotAtMs: number): Promise<Delivery> {
  const waitMs = slotAtMs - deps.clock.monotonicMs();
  if (waitMs > 0) {
    await deps.clock.sleep(waitMs, request.signal);
    if (request.signal?.aborted) return notSent('caller-left', 'the caller gave up while the send waited for its slot');
  }
  if (deps.pace.isClosed(request.intent.channelId)) {
    return notSent('channel-closed', `${deps.kind.displayName} refuses the bot token`);
  }
  return storeIntentAndSend(deps, request);
}

async function storeIntentAndSend(deps: DeliveryDeps, request: DeliveryRequest): Promise<Delivery> {
  const askUntilMs = request.deadlineMs ?? deps.clock.monotonicMs() + busyWaitMaxMs;
  for (;;) {
    const outcome = await deps.store.intents.record(request.intent);
    switch (outcome.kind) {
      case 'taken':
        request.onTaken?.(outcome.flight.messageId);
        if (request.signal?.aborted) return abandonUnsent(deps, outcome.flight, callerLeft);
        return sendUntilDecided(deps, request, outcome.flight);
      case 'paused':
        return rateLimited(`${deps.kind.displayName} asked to pause sends to this chat`, outcome.remainingMs);
      case 'superseded':
        return notSent('key-taken', 'another request took over the Idempotency-Key');
      case 'migrated':
        return deliver(deps, withNewAddress(deps, request, outcome.newChatId));
      case 'busy':
        if (request.signal?.aborted || deps.clock.monotonicMs() >= askUntilMs)
          return rateLimited('another send to this chat is in flight', 1_000);
        await deps.clock.sleep(busyWaitMs, request.signal);
    }
  }
}

function withNewAddress(deps: DeliveryDeps, request: DeliveryRequest, newChatId: string): DeliveryRequest {
  const wire = deps.kind.readdress(request.intent.wire, newChatId);
  return { ...request, intent: { ...request.intent, chatId: newChatId, wire } };
}

/** Sends, and sends again as long as `decide` allows it. Each attempt's result is stored before the next one. */
async function sendUntilDecided(deps: DeliveryDeps, request: DeliveryRequest, first: Flight): Promise<Delivery> {
  let flight = first;
  let { wire } = request.intent;
  const amended: Amended[] = [];
  for (;;) {
    const tries = flight.number - first.number + 1;
    const { next, storage } = await attempt(deps, request, flight, { wire, tries });
    if (next.kind !== 'again') return endDelivery(deps, request, flight, { next, storage, amended });
    const { messageId } = flight;
    if (storage === 'retrying' || storage === 'journaled') return { kind: 'failed', messageId, failure: storeFailed };
    const again = await startNextAttempt(deps, flight, next);
    if (again === 'store-failed') return abandonUnsent(deps, { ...flight, number: flight.number + 1 }, storeFailed);
    if (again === 'taken-over') return { kind: 'failed', messageId, failure: takenOver };
    flight = again;
    if (next.newChatId !== null) wire = deps.kind.readdress(wire, next.newChatId);
    if (next.amended === undefined) continue;
    amended.push(next.amended);
    wire = deps.kind.amend(wire, next.amended.amendment);
  }
}

async function endDelivery(
  deps: DeliveryDeps,
  request: DeliveryRequest,
  flight: Flight,
  {
    next,
    storage,
    amended,
  }: {
    readonly next: Exclude<Next, { readonly kind: 'again' }>;
    readonly storage: ResultStorage;
    readonly amended: readonly Amended[];
  },
): Promise<Delivery> {
  const { messageId } = flight;
  switch (next.kind) {
    case 'sent':
      if (!isDurable(storage)) return { kind: 'unknown', messageId, failure: unstored };
      return { kind: 'sent', messageId, channelMessageId: next.channelMessageId, amended };
    case 'failed':
      if (!isDurable(storage)) return { kind: 'unknown', messageId, failure: unstored };
      await recordRefusal(deps, flight, next);
      return { kind: 'failed', messageId, failure: next.failure };
    case 'unknown':
      return { kind: 'unknown', messageId, failure: next.failure };
    case 'give-up':
      if (storage === 'stored' && request.mayPostpone === true) {
        await postponeAndReleaseChat(deps, flight);
        return notSent('postponed', next.failure.reason);
      }
      if (storage === 'stored' || storage === 'superseded')
        await abandonAndReleaseChat(deps, flight, next.failure, null);
      return { kind: 'failed', messageId, failure: next.failure };
  }
}

const unstored: Failure = { name: 'OUTCOME_UNKNOWN', reason: 'the result could not be stored' };
const takenOver: Failure = {
  name: 'UNAVAILABLE',
  reason: 'another process took over the chat before this message was sent',
};
const callerLeft: Failure = {
  name: 'UNAVAILABLE',
  reason: 'abandoned: the caller had left before it was sent',
  retryAfterMs: 1_000,
};

/** Waits, and makes the message `sending` again. */
async function startNextAttempt(
  deps: DeliveryDeps,
  flight: Flight,
  { newChatId, waitMs }: Extract<Next, { kind: 'again' }>,
): Promise<Flight | 'taken-over' | 'store-failed'> {
  try {
    // The store may know the group's new id already although the message was written for the old one.
    if (newChatId !== null && newChatId !== flight.chatId)
      await deps.store.inbound.recordMigration({ ...flight, newChatId });
    await deps.clock.sleep(waitMs);
    return (await deps.store.flights.startNextAttempt(flight)) ?? 'taken-over';
  } catch (cause) {
    deps.log.failed({
      err: cause,
      messageId: flight.messageId,
      what: 'next attempt not started: the message is abandoned',
    });
    return 'store-failed';
  }
}

/** One attempt and its durable result. */
async function attempt(
  deps: DeliveryDeps,
  request: DeliveryRequest,
  flight: Flight,
  { wire, tries }: { readonly wire: Wire; readonly tries: number },
): Promise<{ readonly next: Next; readonly storage: ResultStorage }> {
  const startedMs = deps.clock.monotonicMs();
  const outcome = await request.channel.send(wire, attemptLimitMs, request.fetchAttachment);
  // A caller of the API gets what was asked for, or an error.
  const mayAmend = request.intent.origin !== 'api';
  const patience: Patience = { triesMax, waitMaxMs, remainingMs: remainingMs(deps, request), mayAmend };
  const next = decide(outcome, tries, patience, deps.random.uniform());
  if (outcome.kind === 'deferred' && outcome.because === 'rate-limited') {
    await recordRateLimit(deps, flight, outcome.retryAfterMs);
  }
  const storage = await storeResult(deps, flight, outcome, next);
  deps.log.attempted({
    channelId: flight.channelId,
    messageId: flight.messageId,
    requestId: request.intent.requestId,
    attempt: flight.number,
    outcome: outcome.kind,
    next: next.kind,
    durationMs: Math.round(deps.clock.monotonicMs() - startedMs),
  });
  if (storage === 'stored' && next.kind === 'sent') deps.onResult();
  return { next, storage };
}

function remainingMs(deps: DeliveryDeps, request: DeliveryRequest): number | null {
  return request.deadlineMs === null ? null : Math.max(0, request.deadlineMs - deps.clock.monotonicMs());
}
