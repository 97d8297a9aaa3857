import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import type { HeldMessage } from '@chatferry/gateway/internal/store/edits';
import { inboxLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, enqueue, type MemoryDatabase, type MessageRow } from './database.ts';
import { messageOf, setState } from './messages.ts';

export function holdMessage(
  db: MemoryDatabase,
  { messageId, epoch }: { readonly messageId: number; readonly epoch: number },
): HeldMessage | null {
  const message = db.messages.get(messageId);
  if (message === undefined) return null;
  const { createdOn, key, channelMessageId } = message;
  const { workspaceId, channelId, chatId } = key;
  const lane = chatKey(channelId, chatId);
  if (db.flights.has(lane)) return null;
  const startedAtMs = db.nowMs();
  db.flights.set(lane, { workspaceId, channelId, chatId, messageId, createdOn, number: 1, epoch, startedAtMs });
  return {
    workspaceId,
    channelId,
    chatId,
    messageId,
    createdOn,
    state: message.state,
    content: message.content as OutboundContent,
    wire: message.wire,
    channelMessageId,
    channelMessageIds: message.channelMessageIds ?? (channelMessageId === null ? [] : [channelMessageId]),
    isDeleted: message.deletedAtMs !== null,
  };
}

export function releaseMessage(
  db: MemoryDatabase,
  { channelId, chatId, messageId, epoch }: Pick<HeldMessage, 'channelId' | 'chatId' | 'messageId'> & { epoch: number },
): void {
  const lane = chatKey(channelId, chatId);
  const flight = db.flights.get(lane);
  if (flight?.messageId === messageId && flight.epoch === epoch) db.flights.delete(lane);
}

function queueChange(db: MemoryDatabase, message: MessageRow, change: string): void {
  if (message.mirror !== 'pending' && message.mirror !== 'done') return;
  const { workspaceId, channelId, chatId } = message.key;
  const payload = { messageId: message.id, createdOn: message.createdOn, change };
  enqueue(db, inboxLaneKey(channelId, chatId), workspaceId, 'mirror', payload);
}

export function recordEdit(
  db: MemoryDatabase,
  held: HeldMessage,
  edited: { readonly content: OutboundContent; readonly wire: Wire },
): void {
  const message = messageOf(db, held.createdOn, held.messageId);
  if (message === undefined) return;
  Object.assign(message, { content: edited.content, editedAtMs: db.nowMs(), updatedAtMs: db.nowMs() });
  queueChange(db, message, String(edited.content.edits?.length ?? 0));
}

export function recordDeletion(db: MemoryDatabase, held: HeldMessage): void {
  const message = messageOf(db, held.createdOn, held.messageId);
  if (message === undefined || message.deletedAtMs !== null) return;
  Object.assign(message, { deletedAtMs: db.nowMs(), updatedAtMs: db.nowMs() });
  queueChange(db, message, 'deleted');
}

export function cancelScheduled(db: MemoryDatabase, held: HeldMessage): void {
  const message = messageOf(db, held.createdOn, held.messageId);
  if (message?.state === 'scheduled') setState(db, message, 'cancelled');
}

/** The queries of `store.edits`. */
export const edits = ({ bind, epoch }: QueryBinder) => {
  const bound = bind('edits', {
    hold: holdMessage,
    release: releaseMessage,
    record: recordEdit,
    recordDeletion,
    cancel: cancelScheduled,
  });
  return {
    ...bound,
    hold: (messageId: number) => bound.hold({ messageId, epoch }),
    release: (held: HeldMessage) => bound.release({ ...held, epoch }),
  };
};
