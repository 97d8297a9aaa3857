import type { Patience } from '../../core/delivery/decide.ts';
import { decide, type Next } from '../../core/delivery/decide.ts';
import type { Failure } from '../../core/delivery/failure.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { Channel, Wire } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Flight, IntentRow } from '../../store/intents.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { type LaneGate, LaneLeftError } from './chat-queue.ts';
import type { Pace } from './pace.ts';
import type { KeepResults } from './result-journal.ts';
import {
  endUntried,
  free,
  isDurable,
  type Kept,
  noteLimit,
  noteRefusal,
  storeFailed,
  storeResult,
} from './store-result.ts';

/** What the engine needs of the store to deliver; each is durable when it resolves. */
export type DeliveryStore = StoreSlice<{
  readonly intents: 'record';
  readonly results: 'record' | 'isStored';
  readonly flights: 'startNextAttempt' | 'abandon';
  readonly chats: 'pause' | 'markBlocked';
  readonly channels: 'pauseBot';
  readonly inbound: 'recordMigration';
}>;

export interface DeliveryDeps {
  readonly store: DeliveryStore;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  /** Where a result is safe that the store does not take. */
  readonly results: Pick<KeepResults, 'keep'>;
  readonly gate: LaneGate;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly random: Random;
  readonly kind: ChannelKind;
  readonly log: DeliveryLog;
  /** A result was stored: the inbox has work. */
  readonly onResult: () => void;
  /**
   * Does this again and again until it succeeds or the process ends: what the store must learn before the chat's lane is
   * free again.
   */
  readonly insist: (name: string, work: () => Promise<void>) => void;
}

export interface DeliveryLog {
  /** One line a try: ids, outcome, duration, what follows. */
  attempted(fields: Readonly<Record<string, unknown>>): void;
  failed(fields: Readonly<Record<string, unknown>>): void;
}

export interface DeliveryRequest {
  readonly intent: IntentRow;
  readonly channel: Channel;
  readonly wire: Wire;
  /** For a message with a file: fetches it. */
  readonly fetchAttachment?: FetchAttachment | undefined;
  /** When the one who waits gives up, on the monotonic clock; null when nobody waits. */
  readonly deadlineMs: number | null;
  /** Aborted when the one who waits gave up: leaves the line while nothing is written, and changes nothing afterwards. */
  readonly signal?: AbortSignal | undefined;
  /** The intent is durable: from here on the message has an id. */
  readonly onTaken?: (messageId: number) => void;
}

export type Delivery =
  | { readonly kind: 'sent'; readonly messageId: number; readonly channelMessageId: string }
  | { readonly kind: 'failed'; readonly messageId: number; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly messageId: number; readonly failure: Failure }
  /** Nothing was stored and nothing was sent. */
  | { readonly kind: 'shed'; readonly retryAfterMs: number; readonly reason: string };

/** Thrown when another request holds the Idempotency-Key by now; nothing was sent. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

/** Thrown when Telegram refused the bot's token while this send waited; nothing was sent. */
export class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError';
}

/** Telegram's own limit for one call: longer than any caller waits, so that a late answer is still learned. */
export const attemptLimitMs = 55_000;
/** How long a lane that another process holds is left alone before it is asked for again. */
const busyWaitMs = 25;
/** How long one for whom nobody waits asks for a lane that another process holds; its own queue tries again. */
const busyWaitMaxMs = 5_000;
const triesMax = 3;
const waitMaxMs = 5_000;
/**
 * Delivers one message: takes the chat's lane, stores the intent, tries, stores what came of it. The only caller of
 * `Channel.send`; the API request and the worker both come through here.
 *
 * Rejects with `LaneFullError`, `LaneLeftError` or `ChannelClosedError` before, and with the store's error while, the intent is
 * stored: in each case nothing was sent and nothing is pending.
 */
export async function deliver(deps: DeliveryDeps, request: DeliveryRequest): Promise<Delivery> {
  const { channelId, chatId } = request.intent;
  const slot = deps.pace.reserve(channelId, chatId, patienceForSlotMs(deps, request));
  if (slot.kind === 'too-late') {
    const reason = `more sends wait for this chat, or this bot, than ${deps.kind.displayName} takes in the time`;
    return { kind: 'shed', retryAfterMs: slot.retryAfterMs, reason };
  }
  const leave = await deps.gate.enter(`${channelId}:${chatId}`, request.signal);
  try {
    const waitMs = slot.atMs - deps.clock.monotonicMs();
    if (waitMs > 0) {
      await deps.clock.sleep(waitMs, request.signal);
      if (request.signal?.aborted) throw new LaneLeftError('gave up while waiting for its turn');
    }
    if (deps.pace.isClosed(channelId)) throw new ChannelClosedError(`${deps.kind.displayName} refuses the bot token`);
    return await deliverInLane(deps, request);
  } finally {
    leave();
  }
}

/** Half of what is left: the other half is for the attempt, whose answer the caller wants to hear. */
const patienceForSlotMs = (deps: DeliveryDeps, request: DeliveryRequest): number =>
  (remainingMs(deps, request) ?? 2 * busyWaitMaxMs) / 2;

async function deliverInLane(deps: DeliveryDeps, request: DeliveryRequest): Promise<Delivery> {
  const askUntilMs = request.deadlineMs ?? deps.clock.monotonicMs() + busyWaitMaxMs;
  for (;;) {
    const outcome = await deps.store.intents.record(request.intent);
    switch (outcome.kind) {
      case 'taken':
        request.onTaken?.(outcome.flight.messageId);
        if (request.signal?.aborted) return endUntried(deps, outcome.flight, callerLeft);
        return tryUntilSettled(deps, request, outcome.flight);
      case 'paused':
        return {
          kind: 'shed',
          retryAfterMs: outcome.remainingMs,
          reason: `${deps.kind.displayName} asked to pause sends to this chat`,
        };
      case 'superseded':
        throw new KeyTakenError('another request took the Idempotency-Key over');
      case 'migrated':
        return deliver(deps, readdressed(deps, request, outcome.newChatId));
      case 'busy':
        if (request.signal?.aborted || deps.clock.monotonicMs() >= askUntilMs)
          return { kind: 'shed', retryAfterMs: 1_000, reason: 'another send to this chat is in flight' };
        await deps.clock.sleep(busyWaitMs, request.signal);
    }
  }
}

function readdressed(deps: DeliveryDeps, request: DeliveryRequest, newChatId: string): DeliveryRequest {
  const wire = deps.kind.readdress(request.wire, newChatId);
  return { ...request, wire, intent: { ...request.intent, chatId: newChatId, wire } };
}

async function tryUntilSettled(deps: DeliveryDeps, request: DeliveryRequest, first: Flight): Promise<Delivery> {
  let flight = first;
  let { wire } = request;
  for (;;) {
    const { next, kept } = await attempt(deps, request, flight, wire);
    const { messageId } = flight;
    switch (next.kind) {
      case 'sent':
        if (!isDurable(kept)) return { kind: 'unknown', messageId, failure: unstored };
        return { kind: 'sent', messageId, channelMessageId: next.channelMessageId };
      case 'failed':
        if (!isDurable(kept)) return { kind: 'unknown', messageId, failure: unstored };
        await noteRefusal(deps, flight, next);
        return { kind: 'failed', messageId, failure: next.failure };
      case 'unknown':
        return { kind: 'unknown', messageId, failure: next.failure };
      case 'give-up':
        if (kept === 'stored' || kept === 'superseded') await free(deps, flight, next.failure, null);
        return { kind: 'failed', messageId, failure: next.failure };
      case 'again': {
        if (kept === 'insisted' || kept === 'journaled') return { kind: 'failed', messageId, failure: storeFailed };
        const again = await startAgain(deps, flight, next);
        if (again === 'store-failed') return endUntried(deps, { ...flight, number: flight.number + 1 }, storeFailed);
        if (again === 'taken-over') return { kind: 'failed', messageId, failure: takenOver };
        flight = again;
        if (next.newChatId !== null) wire = deps.kind.readdress(wire, next.newChatId);
        if (next.plain) wire = deps.kind.unformatted(wire);
      }
    }
  }
}

const unstored: Failure = { name: 'OUTCOME_UNKNOWN', reason: 'the result could not be stored' };
const takenOver: Failure = { name: 'UNAVAILABLE', reason: 'the lane was taken over before this message was sent' };
const callerLeft: Failure = {
  name: 'UNAVAILABLE',
  reason: 'abandoned: the caller had left before it was sent',
  retryAfterMs: 1_000,
};

/** Waits, and makes the message `sending` again. */
async function startAgain(
  deps: DeliveryDeps,
  flight: Flight,
  { newChatId, waitMs }: Extract<Next, { kind: 'again' }>,
): Promise<Flight | 'taken-over' | 'store-failed'> {
  try {
    // The group may be known under its new id already, and the message have been written for the old one.
    if (newChatId !== null && newChatId !== flight.chatId)
      await deps.store.inbound.recordMigration({ ...flight, newChatId });
    await deps.clock.sleep(waitMs);
    return (await deps.store.flights.startNextAttempt(flight)) ?? 'taken-over';
  } catch (cause) {
    deps.log.failed({
      err: cause,
      messageId: flight.messageId,
      what: 'next try not started: the message is abandoned',
    });
    return 'store-failed';
  }
}

/** One try on the wire and its durable result. */
async function attempt(
  deps: DeliveryDeps,
  request: DeliveryRequest,
  flight: Flight,
  wire: Wire,
): Promise<{ readonly next: Next; readonly kept: Kept }> {
  const startedMs = deps.clock.monotonicMs();
  const outcome = await request.channel.send(wire, attemptLimitMs, request.fetchAttachment);
  const patience: Patience = { triesMax, waitMaxMs, remainingMs: remainingMs(deps, request) };
  const next = decide(outcome, flight.number, patience, deps.random.uniform());
  if (outcome.kind === 'deferred' && outcome.because === 'rate-limited') {
    await noteLimit(deps, flight, outcome.retryAfterMs);
  }
  const kept = await storeResult(deps, flight, outcome, next);
  deps.log.attempted({
    channelId: flight.channelId,
    messageId: flight.messageId,
    requestId: request.intent.requestId,
    attempt: flight.number,
    outcome: outcome.kind,
    next: next.kind,
    durationMs: Math.round(deps.clock.monotonicMs() - startedMs),
  });
  if (kept === 'stored' && next.kind === 'sent') deps.onResult();
  return { next, kept };
}

function remainingMs(deps: DeliveryDeps, request: DeliveryRequest): number | null {
  return request.deadlineMs === null ? null : Math.max(0, request.deadlineMs - deps.clock.monotonicMs());
}
