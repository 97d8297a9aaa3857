import type { OwnFlight, Recovered } from '@chatferry/gateway/internal/store/flights';
import type { Flight } from '@chatferry/gateway/internal/store/intents';
import type { FailureRecord } from '@chatferry/gateway/internal/store/results';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, type FlightRow, isAlive, type MemoryDatabase } from './database.ts';
import { messageOf, setState } from './messages.ts';

export const findOwnFlight = (db: MemoryDatabase, flight: Flight): FlightRow | undefined => {
  const held = db.flights.get(chatKey(flight.channelId, flight.chatId));
  return held?.messageId === flight.messageId && held.epoch === flight.epoch ? held : undefined;
};

export function startNextAttempt(db: MemoryDatabase, flight: Flight): Flight | null {
  const held = findOwnFlight(db, flight);
  if (!held) return null;
  held.number += 1;
  held.startedAtMs = db.nowMs();
  const message = messageOf(db, flight.createdOn, flight.messageId);
  if (message?.state !== 'pending') return null;
  setState(db, message, 'sending');
  return { ...flight, number: flight.number + 1 };
}

export function abandon(db: MemoryDatabase, flight: Flight, failure: FailureRecord): void {
  if (findOwnFlight(db, flight)) db.flights.delete(chatKey(flight.channelId, flight.chatId));
  const message = messageOf(db, flight.createdOn, flight.messageId);
  if (message?.state !== 'pending') return;
  setState(db, message, 'failed');
  message.failure = failure;
}

export function postpone(db: MemoryDatabase, flight: Flight): void {
  if (findOwnFlight(db, flight)) db.flights.delete(chatKey(flight.channelId, flight.chatId));
  const message = messageOf(db, flight.createdOn, flight.messageId);
  if (message?.state === 'pending' && message.sendAtMs !== null) setState(db, message, 'scheduled');
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

/** The queries of `store.flights`. */
export const flights = ({ bind }: QueryBinder) =>
  bind('flights', { startNextAttempt, abandon, postpone, recover: recoverFlights, listOwn: readOwnFlights });
