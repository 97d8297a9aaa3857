import { inboxLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import type { StoredUnknown } from '@chatferry/gateway/internal/store/resolutions';
import type { QueryBinder } from './bind-queries.ts';
import { enqueue, type MemoryDatabase } from './database.ts';
import { setState } from './messages.ts';

export function readUnknownMessages(db: MemoryDatabase, channelId: string, chatId: string): readonly StoredUnknown[] {
  return [...db.messages.values()]
    .filter(({ key, state }) => state === 'unknown' && key.channelId === channelId && key.chatId === chatId)
    .map(({ id, createdOn, createdAtMs, updatedAtMs, wire }) => ({
      messageId: id,
      createdOn,
      createdAtMs,
      unknownSinceMs: updatedAtMs,
      wire: wire ?? {},
    }));
}

export function resolveByEvidence(
  db: MemoryDatabase,
  messageId: number,
  channelMessageId: string,
  note: string,
): boolean {
  const message = db.messages.get(messageId);
  if (message?.state !== 'unknown') return false;
  const { workspaceId, channelId, chatId } = message.key;
  for (const { key, channelMessageId: taken } of db.messages.values()) {
    if (taken === channelMessageId && key.channelId === channelId && key.chatId === chatId) return false;
  }
  setState(db, message, 'sent');
  const at = new Date(db.nowMs()).toISOString();
  Object.assign(message, {
    failure: null,
    resolution: { state: 'sent', by: 'evidence', note, at },
    channelMessageId,
    ...(message.skipsInbox ? {} : { mirror: 'pending' }),
  });
  if (message.skipsInbox) return true;
  const payload = { messageId, createdOn: message.createdOn };
  enqueue(db, inboxLaneKey(channelId, chatId), workspaceId, 'mirror', payload);
  return true;
}

/** The queries of `store.resolutions`. */
export const resolutions = ({ bind }: QueryBinder) =>
  bind('resolutions', { resolveByEvidence, listUnknown: readUnknownMessages });
