import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import { type IntentOutcome, type IntentRow, intentConflictKey } from '@chatferry/gateway/internal/store/intents';
import type { QueryBinder } from './bind-queries.ts';
import { chatKey, dayOf, type MemoryDatabase, untouched } from './database.ts';
import { keyId } from './idempotency.ts';
import { insertMessage, messageOf, setState } from './messages.ts';

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
  if (row.scheduled !== undefined) return beginScheduled(db, row, row.scheduled);
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
  insertMessage(db, {
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
    ...untouched,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    channelMessageIds: null,
    metadata: row.metadata ?? null,
    skipsInbox: row.skipsInbox === true,
  });
  return { kind: 'taken', flight: { workspaceId, channelId, chatId, messageId, createdOn, number: 1, epoch } };
}

function beginScheduled(
  db: MemoryDatabase,
  { workspaceId, channelId, chatId, epoch, wire }: IntentRow,
  { messageId, createdOn }: NonNullable<IntentRow['scheduled']>,
): IntentOutcome {
  const lane = chatKey(channelId, chatId);
  const message = messageOf(db, createdOn, messageId);
  if (message?.state !== 'scheduled') return { kind: 'superseded' };
  if (db.flights.has(lane)) return { kind: 'busy' };
  const earlier = [...db.attempts.values()].filter((attempt) => attempt.messageId === messageId);
  const number = Math.max(0, ...earlier.map((attempt) => attempt.number)) + 1;
  const flight = { workspaceId, channelId, chatId, messageId, createdOn, number, epoch };
  db.flights.set(lane, { ...flight, startedAtMs: db.nowMs() });
  setState(db, message, 'sending');
  db.messages.set(messageId, { ...message, key: { ...message.key, chatId }, wire: wire as Wire });
  return { kind: 'taken', flight };
}

/** The queries of `store.intents`. */
export const intents = ({ batch }: QueryBinder) => ({
  record: batch<IntentRow, IntentOutcome>('intents.record', recordIntents, intentConflictKey),
});
