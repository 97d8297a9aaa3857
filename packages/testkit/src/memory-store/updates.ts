import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import type { InboundRow } from '@chatferry/gateway/internal/store/inbound';
import type { ClaimedLane, Job } from '@chatferry/gateway/internal/store/lanes';
import type { StoredUpdate, UpdateRow, WaitingUpdate } from '@chatferry/gateway/internal/store/updates';
import {
  type ChatRow,
  chatKey,
  chatRow,
  dayOf,
  enqueue,
  heldBy,
  type MemoryDatabase,
  type MessageRow,
  type UpdateRecord,
} from './database.ts';

export const fenceId = (ownerId: string, externalId: string): string => `${ownerId}\n${externalId}`;

export const storeUpdates = (db: MemoryDatabase, rows: readonly UpdateRow[]): readonly boolean[] =>
  rows.map((row) => {
    const fence = fenceId(row.ownerId, row.externalId);
    if (db.fences.has(fence)) return false;
    db.fences.add(fence);
    db.sequences.update += 1;
    const updateId = db.sequences.update;
    const receivedOn = dayOf(db.nowMs());
    const { workspaceId, channelId, source, externalId, body, ignored } = row;
    db.updates.set(updateId, {
      workspaceId,
      channelId,
      source,
      externalId,
      body,
      receivedOn,
      state: ignored === null ? 'stored' : 'ignored',
      detail: ignored,
      receivedAtMs: db.nowMs(),
    });
    if (row.laneKey !== null) enqueue(db, row.laneKey, workspaceId, row.jobKind, { updateId, receivedOn });
    return true;
  });

export function updateOf(db: MemoryDatabase, receivedOn: string, updateId: number): UpdateRecord | undefined {
  const update = db.updates.get(updateId);
  return update?.receivedOn === receivedOn ? update : undefined;
}

export function readUpdate(db: MemoryDatabase, receivedOn: string, updateId: number): StoredUpdate | null {
  const update = updateOf(db, receivedOn, updateId);
  if (!update) return null;
  const { workspaceId, channelId, body, state, receivedAtMs } = update;
  return { workspaceId, channelId, body, state, receivedAtMs };
}

export function readUpdatesBehind(
  db: MemoryDatabase,
  laneKey: string,
  seq: number,
  limit: number,
): readonly WaitingUpdate[] {
  return (db.jobs.get(laneKey) ?? [])
    .filter((job) => job.seq > seq && job.kind === 'update')
    .slice(0, limit)
    .flatMap(({ payload }) => {
      const { updateId, receivedOn } = payload as { updateId: number; receivedOn: string };
      const update = updateOf(db, receivedOn, updateId);
      return update?.state === 'stored' ? [{ receivedOn, updateId, body: update.body }] : [];
    });
}

export function dropUpdate(db: MemoryDatabase, receivedOn: string, updateId: number): void {
  const update = updateOf(db, receivedOn, updateId);
  if (update) Object.assign(update, { state: 'ignored', detail: 'erased', body: Buffer.from('{}') });
}

export function finishUpdate(
  db: MemoryDatabase,
  receivedOn: string,
  updateId: number,
  state: 'applied' | 'ignored' | 'dead',
  detail: string | null,
): void {
  const update = updateOf(db, receivedOn, updateId);
  if (update) Object.assign(update, { state, detail });
}

function noteChat(db: MemoryDatabase, { workspaceId, channelId, event }: InboundRow): void {
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
  noteChat(db, row);
  if (update?.state !== 'stored' || !heldBy(db, lane)) return null;
  const fenceOf = (messageId: string, edited: number | null) =>
    fenceId(channelId, `message:${chatId}:${messageId}:${edited ?? ''}`);
  if (channelMessageId !== null) {
    const fence = fenceOf(channelMessageId, event.editedAtMs);
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
  db.messages.set(messageId, {
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
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
  Object.assign(update, { state: 'applied', detail: null });
  for (const member of members) {
    db.fences.add(fenceOf(member.channelMessageId, null));
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
  chat.migratedTo = newChatId;
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

export const conversationKey = (key: {
  readonly channelId: string;
  readonly chatId: string;
  readonly topicId: string;
}): string => `${key.channelId}:${key.chatId}:${key.topicId}`;

/** The newest message of a chat that fits. Messages are stored in the order of their ids. */
function newest(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  fits: (message: MessageRow) => boolean,
): MessageRow | null {
  let found: MessageRow | null = null;
  for (const message of db.messages.values()) {
    if (message.key.channelId === channelId && message.key.chatId === chatId && fits(message)) found = message;
  }
  return found;
}

export function readLastVersion(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): InboundEvent | null {
  const last = newest(db, channelId, chatId, (message) => {
    if (message.direction !== 'inbound') return false;
    const { content } = message.content as InboundEvent;
    const members = 'channelMessageIds' in content ? (content.channelMessageIds ?? []) : [];
    return message.channelMessageId === channelMessageId || members.includes(channelMessageId);
  });
  return last === null ? null : (last.content as InboundEvent);
}

export function readSentMessage(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): OutboundContent | null {
  const sent = newest(
    db,
    channelId,
    chatId,
    (message) => message.direction === 'outbound' && message.channelMessageId === channelMessageId,
  );
  return sent === null ? null : (sent.content as OutboundContent);
}

export const messageHistoryQueries = { readLastVersion, readSentMessage };

export const updatesQueries = {
  read: readUpdate,
  drop: dropUpdate,
  listBehind: readUpdatesBehind,
  finish: finishUpdate,
};

export const inboundQueries = { apply: applyInbound, recordMigration };
