import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import { readEventId, showEventId } from '@chatferry/gateway/internal/store/event-ids';
import type {
  EventHead,
  EventHeadPage,
  EventPage,
  EventQuery,
  StoredEvent,
} from '@chatferry/gateway/internal/store/events';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, type EventRow, type MemoryDatabase } from './database.ts';
import { recordOf } from './messages.ts';

/** Each statement is a transaction that ends at once, so the place in the array is the order of the log. */
const idAt = (db: MemoryDatabase, index: number): string => {
  const seq = String(index + 1);
  return showEventId({ era: 0, txid: seq, seq, createdOn: db.events[index]?.createdOn ?? '1970-01-01' });
};

/** How many events lie at or before `after`. */
const countBefore = (after: string | null): number => {
  if (after === null) return 0;
  const place = readEventId(after);
  if (place === null) throw new RangeError('after must be the id of an event');
  return Number(place.seq);
};

const isSeen = ({ scope, types }: EventQuery, { workspaceId, channelId, type }: EventRow): boolean =>
  (scope.workspaceIds === null || (workspaceId !== null && scope.workspaceIds.includes(workspaceId))) &&
  (scope.channelIds === null || (channelId !== null && scope.channelIds.includes(channelId))) &&
  (types === null || types.includes(type));

export function readEventPage(db: MemoryDatabase, query: EventQuery): EventPage {
  const events: StoredEvent[] = [];
  let index = countBefore(query.after);
  while (index < db.events.length && events.length < query.limit) {
    const row = db.events[index];
    if (row && isSeen(query, row)) events.push(joinEvent(db, row, idAt(db, index)));
    index += 1;
  }
  const through = index === 0 ? null : idAt(db, index - 1);
  return { events, through, hasMore: index < db.events.length };
}

function joinEvent(db: MemoryDatabase, row: EventRow, id: string): StoredEvent {
  const { type, workspaceId, channelId, chatId, messageId, facts } = row;
  const message = messageId === null ? undefined : db.messages.get(messageId);
  const chat = chatId === null ? undefined : db.chats.get(chatKey(channelId ?? '', chatId));
  return {
    id,
    type,
    occurredAt: new Date(row.occurredAtMs),
    workspaceId,
    channelId,
    chatId,
    messageId,
    facts,
    message: message ? recordOf(db, message) : null,
    tappedId: type === 'button.tapped' ? findTapped(db, row) : null,
    chat: type.startsWith('chat.') && chat ? { title: chat.title, username: chat.username } : null,
    alarm: null,
  };
}

function findTapped(db: MemoryDatabase, { channelId, chatId, messageId }: EventRow): number | null {
  const tap = db.messages.get(messageId ?? 0)?.content as InboundEvent | undefined;
  const tapped = [...db.messages.values()].findLast(
    ({ key, direction, channelMessageId }) =>
      direction === 'outbound' &&
      key.channelId === channelId &&
      key.chatId === chatId &&
      channelMessageId !== null &&
      channelMessageId === tap?.answers?.channelMessageId,
  );
  return tapped?.id ?? null;
}

export const readEvents = (db: MemoryDatabase, query: EventQuery): readonly StoredEvent[] =>
  readEventPage(db, query).events;

export const readLastEvent = (db: MemoryDatabase): string | null =>
  db.events.length === 0 ? null : idAt(db, db.events.length - 1);

export const readEventsById = (db: MemoryDatabase, ids: readonly string[]): readonly StoredEvent[] =>
  ids.flatMap((id) => {
    const row = db.events[countBefore(id) - 1];
    return row ? [joinEvent(db, row, id)] : [];
  });

export function readEventHeads(db: MemoryDatabase, after: string | null, limit: number): EventHeadPage {
  const start = countBefore(after);
  const events = db.events.slice(start, start + limit).map(
    ({ type, workspaceId, channelId, chatId }, index): EventHead => ({
      id: idAt(db, start + index),
      type,
      workspaceId,
      channelId,
      chatId,
    }),
  );
  return { events, through: events.at(-1)?.id ?? after, hasMore: events.length === limit };
}

/** The queries of `store.events`. */
export const events = ({ bind }: QueryBinder) =>
  bind('events', { page: readEventPage, read: readEvents, last: readLastEvent });
