import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import type { OwnFlight, Recovered } from '@chatferry/gateway/internal/store/flights';
import type { Flight, IntentOutcome, IntentRow } from '@chatferry/gateway/internal/store/intents';
import { type FailureRecord, inboxLaneKey, type ResultRow } from '@chatferry/gateway/internal/store/results';
import { chatKey, chatRow, dayOf, enqueue, type FlightRow, isAlive, type MemoryDatabase } from './database.ts';
import { keyId } from './keys.ts';
import { assertEdge, messageOf, setState } from './messages.ts';

export const recordIntents = (db: MemoryDatabase, rows: readonly IntentRow[]): readonly IntentOutcome[] =>
  rows.map((row) => recordIntent(db, row));

function recordIntent(db: MemoryDatabase, row: IntentRow): IntentOutcome {
  const { workspaceId, channelId, chatId, epoch } = row;
  const nowMs = db.nowMs();
  const lane = chatKey(channelId, chatId);
  const chat = db.chats.get(lane);
  if (chat?.migratedTo != null) return { kind: 'migrated', newChatId: chat.migratedTo };
  if (chat?.pausedUntilMs != null && chat.pausedUntilMs > nowMs) {
    return { kind: 'paused', remainingMs: Math.ceil(chat.pausedUntilMs - nowMs) };
  }
  db.sequences.message += 1;
  const messageId = db.sequences.message;
  const createdOn = dayOf(nowMs);
  if (row.idempotency !== null) {
    const key = db.keys.get(keyId(row.idempotency));
    if (key?.requestId !== row.requestId) return { kind: 'superseded' };
    // Even if the chat is busy: this part of the statement does not depend on the others.
    key.messageId = messageId;
    key.createdOn = createdOn;
  }
  if (db.flights.has(lane)) return { kind: 'busy' };
  db.flights.set(lane, { workspaceId, channelId, chatId, messageId, createdOn, number: 1, epoch, startedAtMs: nowMs });
  db.messages.set(messageId, {
    id: messageId,
    createdOn,
    key: { workspaceId, channelId, chatId, topicId: '0' },
    direction: 'outbound',
    origin: row.origin,
    state: 'sending',
    content: row.content,
    wire: row.wire as Wire,
    resend: row.resend ?? null,
    senderId: row.senderId,
    requestId: row.requestId,
    channelMessageId: null,
    failure: null,
    resolution: null,
    mirror: 'none',
    mirrorDetail: null,
    inboxConversationId: row.replyRef?.conversationId ?? null,
    inboxEntryId: row.replyRef?.entryId ?? null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
  return { kind: 'taken', flight: { workspaceId, channelId, chatId, messageId, createdOn, number: 1, epoch } };
}

const heldBy = (db: MemoryDatabase, flight: Flight): FlightRow | undefined => {
  const held = db.flights.get(chatKey(flight.channelId, flight.chatId));
  return held?.messageId === flight.messageId && held.epoch === flight.epoch ? held : undefined;
};

export function recordResults(db: MemoryDatabase, rows: readonly ResultRow[]): readonly boolean[] {
  for (const { flight, state } of rows) {
    const message = messageOf(db, flight.createdOn, flight.messageId);
    if (message?.state === 'sending') assertEdge(message, state);
  }
  return rows.map((row) => recordResult(db, row));
}

function recordResult(db: MemoryDatabase, row: ResultRow): boolean {
  const { flight, state, outcome, detail } = row;
  const { channelId, chatId, messageId } = flight;
  const lane = chatKey(channelId, chatId);
  const flying = db.flights.get(lane);
  if (flying?.messageId === messageId) {
    const name = `${messageId}:${flight.number}`;
    const before = db.attempts.get(name);
    const finishedAtMs = db.nowMs();
    if (before) Object.assign(before, { outcome, detail, finishedAtMs });
    else {
      const { startedAtMs } = flying;
      db.attempts.set(name, { messageId, number: flight.number, startedAtMs, finishedAtMs, outcome, detail });
    }
  }
  if (state !== 'pending' && heldBy(db, flight)) db.flights.delete(lane);
  const message = messageOf(db, flight.createdOn, messageId);
  if (!message) return false;
  if (message.state !== 'sending' && !(message.state === 'unknown' && state === 'sent')) return false;
  setState(db, message, state);
  message.channelMessageId = row.channelMessageId;
  message.failure = row.failure;
  if (state === 'sent') {
    message.mirror = 'pending';
    const payload = { messageId, createdOn: flight.createdOn };
    enqueue(db, inboxLaneKey(channelId, chatId), flight.workspaceId, 'mirror', payload);
  }
  return true;
}

export function isResultStored(db: MemoryDatabase, { flight, state, channelMessageId }: ResultRow): boolean {
  const message = messageOf(db, flight.createdOn, flight.messageId);
  return message?.state === state && message.channelMessageId === channelMessageId;
}

export function startNextAttempt(db: MemoryDatabase, flight: Flight): Flight | null {
  const held = heldBy(db, flight);
  if (!held) return null;
  held.number += 1;
  held.startedAtMs = db.nowMs();
  const message = messageOf(db, flight.createdOn, flight.messageId);
  if (message?.state !== 'pending') return null;
  setState(db, message, 'sending');
  return { ...flight, number: flight.number + 1 };
}

export function abandon(db: MemoryDatabase, flight: Flight, failure: FailureRecord): void {
  if (heldBy(db, flight)) db.flights.delete(chatKey(flight.channelId, flight.chatId));
  const message = messageOf(db, flight.createdOn, flight.messageId);
  if (message?.state !== 'pending') return;
  setState(db, message, 'failed');
  message.failure = failure;
}

export function recoverFlights(
  db: MemoryDatabase,
  lost: { readonly epoch: number; readonly messageIds: readonly number[] } | null = null,
): Recovered {
  const reason = 'the gateway lost this message while it was on the wire';
  let unknown = 0;
  let abandoned = 0;
  for (const [lane, flight] of [...db.flights]) {
    const { messageId, number, startedAtMs } = flight;
    const isLost = lost !== null && flight.epoch === lost.epoch && lost.messageIds.includes(messageId);
    if (!isLost && isAlive(db, flight.epoch)) continue;
    db.flights.delete(lane);
    const message = messageOf(db, flight.createdOn, messageId);
    if (message?.state === 'sending') {
      const name = `${messageId}:${number}`;
      if (!db.attempts.has(name)) {
        const ended = { finishedAtMs: db.nowMs(), outcome: 'uncertain', detail: reason } as const;
        db.attempts.set(name, { messageId, number, startedAtMs, ...ended });
      }
      setState(db, message, 'unknown');
      message.failure = { name: 'OUTCOME_UNKNOWN', reason };
      unknown += 1;
    } else if (message?.state === 'pending') {
      setState(db, message, 'failed');
      message.failure = {
        name: 'UNAVAILABLE',
        reason: 'abandoned: the gateway lost this message before it was sent',
      };
      abandoned += 1;
    }
  }
  return { unknown, abandoned };
}

export function readOwnFlights(db: MemoryDatabase, epoch: number): readonly OwnFlight[] {
  return [...db.flights.values()]
    .filter((flight) => flight.epoch === epoch)
    .map(({ messageId }) => ({ messageId, requestId: db.messages.get(messageId)?.requestId ?? '' }));
}

type ChatOf = Pick<Flight, 'workspaceId' | 'channelId' | 'chatId'>;

export function pauseChat(
  db: MemoryDatabase,
  { workspaceId, channelId, chatId, pauseMs }: ChatOf & { readonly pauseMs: number },
): void {
  const row = chatRow(db, workspaceId, channelId, chatId);
  row.pausedUntilMs = Math.max(row.pausedUntilMs ?? Number.NEGATIVE_INFINITY, db.nowMs() + pauseMs);
}

export function markBlocked(db: MemoryDatabase, { workspaceId, channelId, chatId }: ChatOf): void {
  chatRow(db, workspaceId, channelId, chatId).blockedAtMs ??= db.nowMs();
}

export const flightsQueries = { startNextAttempt, abandon, recover: recoverFlights, listOwn: readOwnFlights };

export const resultsQueries = { isStored: isResultStored };

export const chatsQueries = { markBlocked, pause: pauseChat };
