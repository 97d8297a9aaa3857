import type { InboundRow } from '@chatferry/gateway/internal/store/inbound';
import type { ClaimedLane, Job } from '@chatferry/gateway/internal/store/lanes';
import type { QueryBinder } from './bind-queries.ts';
import { conversationKey } from './conversations.ts';
import { type ChatRow, chatKey, chatRow, dayOf, heldBy, type MemoryDatabase, untouched } from './database.ts';
import { logMigratedChat } from './log-events.ts';
import { insertMessage } from './messages.ts';
import { fenceId, updateOf } from './updates.ts';

function updateChat(db: MemoryDatabase, { workspaceId, channelId, event }: InboundRow): void {
  const { chat, author, content } = event;
  const row: ChatRow = chatRow(db, workspaceId, channelId, chat.chatId);
  Object.assign(row, { kind: chat.kind, title: chat.title, username: chat.username, person: author });
  row.blockedAtMs = content.kind === 'blocked' || content.kind === 'removed' ? (row.blockedAtMs ?? db.nowMs()) : null;
}

export function applyInbound(db: MemoryDatabase, lane: ClaimedLane, job: Job, row: InboundRow): Job | null {
  const { workspaceId, channelId, event } = row;
  const { chatId, topicId } = event.chat;
  const { channelMessageId } = event;
  const members = row.members ?? [];
  const update = updateOf(db, row.update.receivedOn, row.update.updateId);
  updateChat(db, row);
  if (update?.state !== 'stored' || !heldBy(db, lane)) return null;
  const fenceOf = (messageId: string, edit: string) => fenceId(channelId, `message:${chatId}:${messageId}:${edit}`);
  if (channelMessageId !== null) {
    const edit = event.editedAtMs === null ? '' : `${event.editedAtMs}:${JSON.stringify(row.arrived)}`;
    const fence = fenceOf(channelMessageId, edit);
    if (db.fences.has(fence)) {
      Object.assign(update, { state: 'ignored', detail: 'seen before' });
      return null;
    }
    db.fences.add(fence);
  }
  db.sequences.message += 1;
  const messageId = db.sequences.message;
  const nowMs = db.nowMs();
  const createdOn = dayOf(nowMs);
  insertMessage(db, {
    id: messageId,
    createdOn,
    key: { workspaceId, channelId, chatId, topicId: topicId ?? '0' },
    direction: 'inbound',
    origin: 'customer',
    state: 'received',
    content: event,
    wire: null,
    resend: null,
    senderId: null,
    requestId: null,
    channelMessageId,
    failure: null,
    resolution: null,
    mirror: 'pending',
    mirrorDetail: null,
    inboxConversationId: null,
    inboxEntryId: null,
    ...untouched,
    tappedId: event.content.kind === 'tap' ? (event.content.messageId ?? null) : null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    channelMessageIds: null,
    metadata: null,
    skipsInbox: false,
  });
  Object.assign(update, { state: 'applied', detail: null });
  for (const member of members) {
    db.fences.add(fenceOf(member.channelMessageId, ''));
    const other = updateOf(db, member.receivedOn, member.updateId);
    if (other) Object.assign(other, { state: 'applied', detail: `in the album of message ${channelMessageId}` });
  }
  const mirror: Job = { seq: job.seq, kind: 'mirror', payload: { messageId, createdOn } };
  const jobs = db.jobs.get(lane.key);
  const at = jobs?.findIndex(({ seq }) => seq === job.seq) ?? -1;
  if (jobs && at !== -1) jobs[at] = mirror;
  return mirror;
}

export function recordMigration(
  db: MemoryDatabase,
  row: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly chatId: string;
    readonly newChatId: string;
  },
): void {
  const { workspaceId, channelId, chatId, newChatId } = row;
  const isNew = !db.chats.has(chatKey(channelId, chatId));
  const chat = chatRow(db, workspaceId, channelId, chatId);
  const was = chat.migratedTo;
  chat.migratedTo = newChatId;
  if (was !== newChatId) logMigratedChat(db, { workspaceId, channelId, chatId, migratedTo: newChatId });
  if (isNew) chat.kind = 'group';
  for (const [name, conversation] of [...db.conversations]) {
    const { key, contactData } = conversation;
    const moved = { ...key, chatId: newChatId };
    if (key.channelId !== channelId || key.chatId !== chatId || db.conversations.has(conversationKey(moved))) continue;
    const formerChatId = contactData?.['formerChatId'] ?? chatId;
    db.conversations.delete(name);
    db.conversations.set(conversationKey(moved), {
      ...conversation,
      key: moved,
      contactData: contactData === null ? null : { ...contactData, formerChatId },
    });
  }
}

/** The queries of `store.inbound`. */
export const inbound = ({ bind }: QueryBinder) => bind('inbound', { apply: applyInbound, recordMigration });
