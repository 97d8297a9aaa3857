import { inboxLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import { type ResultRow, resultConflictKey } from '@chatferry/gateway/internal/store/results';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, enqueue, type MemoryDatabase } from './database.ts';
import { findOwnFlight } from './flights.ts';
import { assertEdge, messageOf, setState } from './messages.ts';

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
  if (state !== 'pending' && findOwnFlight(db, flight)) db.flights.delete(lane);
  const message = messageOf(db, flight.createdOn, messageId);
  if (!message) return false;
  if (message.state !== 'sending' && !(message.state === 'unknown' && state === 'sent')) return false;
  setState(db, message, state);
  message.channelMessageId = row.channelMessageId;
  message.channelMessageIds = row.channelMessageIds ?? null;
  message.failure = row.failure;
  if (state === 'sent' && !message.skipsInbox) {
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

/** The queries of `store.results`. */
export const results = ({ bind, batch }: QueryBinder) => ({
  ...bind('results', { isStored: isResultStored }),
  record: batch<ResultRow, boolean>('results.record', recordResults, resultConflictKey),
});
