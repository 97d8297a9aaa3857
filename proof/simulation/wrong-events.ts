import type { EventType } from '@chatferry/contract';
import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import type { EventRow, MemoryDatabase, MessageRow } from '@chatferry/testkit/memory-store/database';
import { readEventPage } from '@chatferry/testkit/memory-store/events';

/**
 * I13: the log tells each message's life once and in order. An event that is lost, twice in the log or out of order within a
 * chat is a violation. A reader that reads the log in small pages sees exactly the log.
 */
export function wrongEvents(db: MemoryDatabase): readonly string[] {
  const byMessage = new Map<number, EventType[]>();
  for (const { messageId, type } of db.events) {
    if (messageId === null) continue;
    const told = byMessage.get(messageId);
    if (told) told.push(type);
    else byMessage.set(messageId, [type]);
  }
  const problems: string[] = [];
  for (const row of db.messages.values()) {
    const told = byMessage.get(row.id) ?? [];
    if (!tellsLifeOf(row, told)) problems.push(`I13: message ${row.id} is ${lifeOf(row)}, and the log says ${told}`);
  }
  return [...problems, ...outOfOrder(db), ...wrongChats(db), ...unread(db)];
}

const lifeOf = ({ direction, origin, state, mirror }: MessageRow): string =>
  `${direction} of ${origin}, ${state}, in the inbox ${mirror}`;

/** How a message's life may be told, as one text. */
function tellsLifeOf(row: MessageRow, told: readonly EventType[]): boolean {
  if (row.direction === 'inbound') return patternOf(firstOf(row), '', endOf(row)).test(told.join(' '));
  if (row.origin === 'agent') return patternOf('', repliedAs(row), '').test(told.join(' '));
  return patternOf('message.accepted', sentAs(row), endOf(row)).test(told.join(' '));
}

/** The parts are types, or alternatives of them. An empty part is not told. */
const patternOf = (...parts: readonly string[]): RegExp =>
  new RegExp(
    `^${parts
      .filter((part) => part !== '')
      .join(' ')
      .replaceAll('.', '\\.')}$`,
  );

/** Of a message that a caller sent. What was unknown is resolved; what was sent late was unknown before, or not. */
function sentAs({ state }: MessageRow): string {
  if (state === 'unknown') return 'message.unknown';
  if (state === 'sent') return '(message.sent|message.unknown message.resolved)';
  return state === 'failed' ? '(message.failed|message.unknown message.resolved)' : '';
}

function repliedAs({ state }: MessageRow): string {
  if (state === 'unknown') return 'reply.unknown';
  if (state === 'sent') return '(reply.unknown )?reply.sent';
  return state === 'failed' ? '(reply.unknown )?reply.failed' : '';
}

const types: Readonly<Partial<Record<InboundEvent['content']['kind'], EventType>>> = {
  tap: 'button.tapped',
  started: 'chat.started',
  blocked: 'chat.blocked',
  unblocked: 'chat.unblocked',
};

function firstOf({ content }: MessageRow): EventType {
  const event = content as InboundEvent;
  return event.editedAtMs === null ? (types[event.content.kind] ?? 'message.received') : 'message.received_edited';
}

/** What the inbox has of it. An entry may have failed before it was written after all. */
function endOf({ mirror }: MessageRow): string {
  if (mirror === 'done') return '(message.not_recorded )?message.recorded';
  return mirror === 'dead' ? 'message.not_recorded' : '';
}

/** A chat's sends leave one after the other, so their results are told in the order in which they were accepted. */
function outOfOrder({ events, messages }: MemoryDatabase): readonly string[] {
  const newest = new Map<string, number>();
  const ends: ReadonlySet<EventType> = new Set(['message.sent', 'message.failed', 'reply.sent', 'reply.failed']);
  const starts: ReadonlySet<EventType> = new Set(['message.accepted', 'message.received']);
  return events.flatMap((event) => {
    const { type, messageId } = event;
    if (messageId === null || (!ends.has(type) && !starts.has(type))) return [];
    if (messages.get(messageId)?.state === 'unknown') return [];
    const lane = `${event.channelId}:${event.chatId}:${starts.has(type) ? type : 'end'}`;
    const before = newest.get(lane) ?? 0;
    newest.set(lane, Math.max(before, messageId));
    return messageId < before ? [`I13: ${type} of message ${messageId} comes after that of ${before} in ${lane}`] : [];
  });
}

/** A chat that got a new id is told once for each new id. */
function wrongChats({ events, chats }: MemoryDatabase): readonly string[] {
  const told = new Map<string, string[]>();
  for (const { type, channelId, chatId, facts } of events) {
    if (type !== 'chat.migrated') continue;
    const key = `${channelId}:${chatId}`;
    told.set(key, [...(told.get(key) ?? []), facts.migratedTo ?? '']);
  }
  const moved = new Map(
    [...chats].flatMap(([key, { migratedTo }]) => (migratedTo === null ? [] : [[key, migratedTo]])),
  );
  const problems = [...moved].flatMap(([key, to]) =>
    told.get(key)?.at(-1) === to ? [] : [`I13: ${key} moved to ${to}, and the log says ${told.get(key) ?? 'nothing'}`],
  );
  const repeated = [...told].filter(([, ids]) => ids.some((id, index) => index > 0 && id === ids[index - 1]));
  return [...problems, ...repeated.map(([key, ids]) => `I13: the log tells twice that ${key} moved: ${ids}`)];
}

/** Reads the log as a client does that is cut off after every page. */
function unread(db: MemoryDatabase): readonly string[] {
  const scope = { workspaceIds: null, channelIds: null };
  const seen: string[] = [];
  const read: Pick<EventRow, 'type' | 'messageId'>[] = [];
  let after: string | null = null;
  for (;;) {
    const page = readEventPage(db, { after, scope, types: null, limit: 50 });
    for (const event of page.events) {
      seen.push(event.id);
      read.push(event);
    }
    after = page.through;
    if (!page.hasMore) break;
  }
  const isSame =
    read.length === db.events.length &&
    db.events.every(({ type, messageId }, at) => read[at]?.type === type && read[at]?.messageId === messageId);
  const isSorted = seen.every((id, at) => at === 0 || (seen[at - 1] ?? '') < id);
  return isSame && isSorted ? [] : [`I13: the log has ${db.events.length} events, and a reader saw ${seen.length}`];
}
