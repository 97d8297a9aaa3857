import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { FailureRecord } from '@chatferry/gateway/internal/store/results';
import type { ScheduledMessage } from '@chatferry/gateway/internal/store/schedules';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';
import { messageOf, setState } from './messages.ts';

export function readScheduled(db: MemoryDatabase, createdOn: string, messageId: number): ScheduledMessage | null {
  const message = messageOf(db, createdOn, messageId);
  if (message === undefined || message.sendAtMs === null || message.wire === null) return null;
  const { workspaceId, channelId, chatId } = message.key;
  return {
    messageId,
    createdOn,
    workspaceId,
    channelId,
    chatId,
    state: message.state,
    content: message.content as OutboundContent,
    wire: message.wire,
    senderId: message.senderId,
    keyId: null,
    requestId: message.requestId ?? '',
    dueInMs: Math.ceil(message.sendAtMs - db.nowMs()),
  };
}

export function failScheduled(
  db: MemoryDatabase,
  { createdOn, messageId }: Pick<ScheduledMessage, 'createdOn' | 'messageId'>,
  failure: FailureRecord,
): void {
  const message = messageOf(db, createdOn, messageId);
  if (message?.state !== 'scheduled') return;
  setState(db, message, 'failed');
  message.failure = failure;
}

/** The queries of `store.schedules`. */
export const schedules = ({ bind }: QueryBinder) => bind('schedules', { read: readScheduled, fail: failScheduled });
