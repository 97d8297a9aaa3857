import type { EventType } from '@chatferry/contract';
import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import type { EventFacts } from '@chatferry/gateway/internal/store/events';
import { dayOf, type MemoryDatabase, type MessageRow } from './database.ts';

/** The triggers that write the event log (migration 0012). The statements of this store call them where rows change. */

const contentTypes: Readonly<Partial<Record<InboundEvent['content']['kind'], EventType>>> = {
  tap: 'button.tapped',
  contact: 'contact.shared',
  location: 'location.shared',
  started: 'chat.started',
  blocked: 'chat.blocked',
  removed: 'chat.blocked',
  unblocked: 'chat.unblocked',
  added: 'chat.unblocked',
};

function typeOfContent(content: MessageRow['content']): EventType {
  const event = content as InboundEvent;
  if (event.editedAtMs !== null) return 'message.received_edited';
  return contentTypes[event.content.kind] ?? 'message.received';
}

function typeOfState({ state, origin }: MessageRow, was: MessageRow['state']): EventType | null {
  if (state === 'cancelled') return 'message.deleted';
  if (state !== 'sent' && state !== 'failed' && state !== 'unknown') return null;
  if (origin === 'agent') return `reply.${state}`;
  return was === 'unknown' ? 'message.resolved' : `message.${state}`;
}

function log(db: MemoryDatabase, type: EventType, { id, key }: MessageRow, facts: EventFacts = {}): void {
  const { workspaceId, channelId, chatId } = key;
  addEvent(db, { type, workspaceId, channelId, chatId, messageId: id, facts });
}

function addEvent(
  db: MemoryDatabase,
  event: Omit<MemoryDatabase['events'][number], 'occurredAtMs' | 'createdOn'>,
): void {
  const occurredAtMs = db.nowMs();
  db.events.push({ ...event, occurredAtMs, createdOn: dayOf(occurredAtMs) });
}

/** A message was inserted. */
export function logNewMessage(db: MemoryDatabase, message: MessageRow): void {
  if (message.direction === 'inbound') log(db, typeOfContent(message.content), message);
  else if (message.origin !== 'agent') log(db, 'message.accepted', message);
}

/** The state of a message changed. */
export function logState(db: MemoryDatabase, message: MessageRow, was: MessageRow['state']): void {
  const type = typeOfState(message, was);
  if (type === null || was === message.state) return;
  log(db, type, message, type === 'message.resolved' ? { state: message.state as 'sent' | 'failed' } : {});
}

/** A message was changed or deleted in Telegram. */
export const logChange = (db: MemoryDatabase, message: MessageRow, type: 'message.edited' | 'message.deleted'): void =>
  log(db, type, message);

/** A message was written into the inbox, or could not be. */
export function logMirror(db: MemoryDatabase, message: MessageRow): void {
  if (message.origin !== 'agent')
    log(db, message.mirror === 'done' ? 'message.recorded' : 'message.not_recorded', message);
}

/** Telegram gave a group a new chat id. */
export function logMigratedChat(
  db: MemoryDatabase,
  row: Readonly<Record<'workspaceId' | 'channelId' | 'chatId' | 'migratedTo', string>>,
): void {
  const { migratedTo, ...place } = row;
  addEvent(db, { type: 'chat.migrated', ...place, messageId: null, facts: { migratedTo } });
}

/** A channel broke, or works again. */
export function logChannelHealth(
  db: MemoryDatabase,
  { id, workspaceId }: { readonly id: string; readonly workspaceId: string },
  broken: { readonly problem: string } | null,
): void {
  addEvent(db, {
    type: broken ? 'channel.broken' : 'channel.recovered',
    workspaceId,
    channelId: id,
    chatId: null,
    messageId: null,
    facts: broken ?? {},
  });
}
