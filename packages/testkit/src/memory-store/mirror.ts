import type { Arrangement } from '@chatferry/gateway/internal/core/inbox/conversation-rules';
import type { AppendedEntry } from '@chatferry/gateway/internal/ports/inbox';
import { fileLaneKey, inboxLaneKey } from '@chatferry/gateway/internal/store/lane-keys';
import type { MirrorMessage } from '@chatferry/gateway/internal/store/mirror';
import type { QueryBinder } from './bind-queries.ts';
import { conversationKey, conversationRow } from './conversations.ts';
import { chatKey, enqueue, type MemoryDatabase, RefusedStatement } from './database.ts';
import { findWriteOfEntry, writeId } from './inbox-writes.ts';
import { messageOf, setMirror } from './messages.ts';

export function readMirrorMessage(db: MemoryDatabase, createdOn: string, messageId: number): MirrorMessage | null {
  const message = messageOf(db, createdOn, messageId);
  if (!message) return null;
  const { origin, senderId, content, mirror, inboxConversationId, inboxEntryId } = message;
  const movedTo = db.chats.get(chatKey(message.key.channelId, message.key.chatId))?.migratedTo;
  const topicId = 'topicId' in content && typeof content.topicId === 'string' ? content.topicId : message.key.topicId;
  return {
    messageId,
    createdOn,
    key: { ...message.key, topicId, chatId: movedTo ?? message.key.chatId },
    formerChatId: movedTo == null ? null : message.key.chatId,
    origin,
    senderId,
    content,
    mirror,
    createdAtMs: Math.round(message.createdAtMs),
    replyRef:
      origin === 'agent' && inboxConversationId !== null && inboxEntryId !== null
        ? { conversationId: inboxConversationId, entryId: inboxEntryId }
        : null,
  };
}

/** Writes ledger and link. Refuses an entry that the ledger has under another key. */
function recordEntry(
  db: MemoryDatabase,
  message: MirrorMessage,
  entryKey: string,
  appended: AppendedEntry,
  arrangement: Arrangement | null,
): void {
  const { workspaceId } = message.key;
  const { entryId, conversationId } = appended;
  const write = db.writes.get(writeId(workspaceId, entryKey));
  const isSecond = write !== undefined && write.entryId !== null && write.entryId !== entryId;
  const recorded = findWriteOfEntry(db, workspaceId, entryId);
  if (write && !isSecond) {
    if (recorded !== undefined && recorded !== write)
      throw new RefusedStatement('23505', `duplicate key value: the entry ${entryId} is in the ledger`);
    write.entryId = entryId;
    write.conversationId = conversationId;
  }
  if (write && isSecond && recorded === undefined) {
    const again = { ...write, conversationId, entryId, afterEntryId: null, createdAtMs: db.nowMs() };
    db.writes.set(writeId(workspaceId, `${entryKey}:${entryId}`), again);
  }
  const ledgerAtMs = write && !isSecond ? write.createdAtMs : null;
  const isNew = !db.conversations.has(conversationKey(message.key));
  const row = conversationRow(db, message.key);
  const isStale =
    row.inboxConversationId !== null &&
    row.lastEntryAtMs !== null &&
    ledgerAtMs !== null &&
    ledgerAtMs < row.lastEntryAtMs;
  if (!isNew && isStale) return;
  if (isNew || row.inboxConversationId !== conversationId) row.linkedAtMs = ledgerAtMs ?? db.nowMs();
  row.inboxConversationId = conversationId;
  row.arrangement = arrangement ?? row.arrangement;
  row.lastEntryId = entryId;
  row.lastEntryAtMs = db.nowMs();
}

export function recordMirrored(
  db: MemoryDatabase,
  message: MirrorMessage,
  entryKey: string,
  appended: AppendedEntry,
  arrangement: Arrangement | null,
): void {
  recordEntry(db, message, entryKey, appended, arrangement);
  const row = messageOf(db, message.createdOn, message.messageId);
  if (!row) return;
  row.inboxConversationId = appended.conversationId;
  row.inboxEntryId = appended.entryId;
  setMirror(db, row, 'done', appended.remark);
}

export const recordPartMirrored = recordEntry;

export function recordReported(db: MemoryDatabase, message: MirrorMessage): void {
  const row = messageOf(db, message.createdOn, message.messageId);
  if (row) setMirror(db, row, 'done', row.mirrorDetail);
}

export function queueMessage(db: MemoryDatabase, message: MirrorMessage, where: 'file' | 'inbox'): void {
  const { messageId, createdOn, key } = message;
  const { workspaceId, channelId, chatId } = key;
  if (where === 'inbox') {
    const payload = { messageId, createdOn, areFilesLeft: true };
    enqueue(db, inboxLaneKey(channelId, chatId), workspaceId, 'mirror', payload);
    return;
  }
  const lane = fileLaneKey(channelId, chatId, messageId);
  enqueue(db, lane, workspaceId, 'file', { messageId, createdOn });
}

export function recordMirrorDead(db: MemoryDatabase, message: MirrorMessage, detail: string): void {
  const row = messageOf(db, message.createdOn, message.messageId);
  if (row) setMirror(db, row, 'dead', detail);
}

/** The queries of `store.mirror`. */
export const mirror = ({ bind }: QueryBinder) =>
  bind('mirror', {
    readMessage: readMirrorMessage,
    recordMirrored,
    recordPartMirrored,
    recordDead: recordMirrorDead,
    queue: queueMessage,
    recordReported,
  });
