import type { Arrangement, EarlierMessage } from '@chatferry/gateway/internal/core/inbox/conversation-rules';
import type { OwnWrites } from '@chatferry/gateway/internal/core/inbox/loop-guard';
import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { Person } from '@chatferry/gateway/internal/core/message/inbound';
import type { AppendedEntry, ContactLink } from '@chatferry/gateway/internal/ports/inbox';
import type { ChatRecord } from '@chatferry/gateway/internal/store/chats';
import type { ConversationKey, StoredConversation, Unlinked } from '@chatferry/gateway/internal/store/conversations';
import type { EntryReservation, ReservedEntry } from '@chatferry/gateway/internal/store/inbox-writes';
import type { MirrorMessage } from '@chatferry/gateway/internal/store/mirror';
import type { LinkedConversation, ReconcileState } from '@chatferry/gateway/internal/store/reconciliation';
import type { ReplyPlan } from '@chatferry/gateway/internal/store/reply-plans';
import {
  type ConversationRow,
  chatKey,
  type MemoryDatabase,
  type MessageRow,
  RefusedStatement,
  type WriteRow,
} from './database.ts';
import { keyId } from './keys.ts';
import { messageOf } from './messages.ts';
import { conversationKey, fenceId } from './updates.ts';

const writeId = (workspaceId: string, key: string): string => `${workspaceId}\n${key}`;

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

export function readChat(db: MemoryDatabase, channelId: string, chatId: string): ChatRecord | null {
  const row = db.chats.get(chatKey(channelId, chatId));
  if (!row) return null;
  const { kind, title, username } = row;
  return {
    chat: { chatId, kind, title, username },
    person: row.person as Person | null,
  };
}

export function readConversation(db: MemoryDatabase, key: ConversationKey): StoredConversation {
  const row = db.conversations.get(conversationKey(key));
  if (!row) return unlinked;
  return {
    contact: row.contactData === null ? null : { contactId: row.contactId, data: row.contactData },
    conversationId: row.inboxConversationId,
    generation: row.generation,
    lastEntryId: row.lastEntryId,
    isContactNameless: row.isContactNameless,
    linkedAtMs: row.inboxConversationId === null ? null : row.linkedAtMs,
    arrangement: row.arrangement,
  };
}

const unlinked: StoredConversation = {
  contact: null,
  conversationId: null,
  generation: 0,
  lastEntryId: null,
  isContactNameless: false,
  linkedAtMs: null,
  arrangement: null,
};

function conversationRow(db: MemoryDatabase, key: ConversationKey): ConversationRow {
  const name = conversationKey(key);
  const known = db.conversations.get(name);
  if (known) return known;
  const { workspaceId, channelId, chatId, topicId } = key;
  const row: ConversationRow = {
    key: { workspaceId, channelId, chatId, topicId },
    contactId: null,
    contactData: null,
    inboxConversationId: null,
    isContactNameless: false,
    arrangement: null,
    linkedAtMs: null,
    generation: 0,
    lastEntryId: null,
    lastEntryAtMs: null,
  };
  db.conversations.set(name, row);
  return row;
}

export function linkContact(db: MemoryDatabase, key: ConversationKey, contact: ContactLink, isNameless: boolean): void {
  const row = conversationRow(db, key);
  row.contactId = contact.contactId;
  row.contactData = contact.data;
  row.isContactNameless = isNameless;
}

function forgetConversation(row: ConversationRow): void {
  row.inboxConversationId = null;
  row.lastEntryId = null;
  row.arrangement = null;
  row.generation += 1;
}

export function unlink(db: MemoryDatabase, key: ConversationKey, what: Unlinked): void {
  const row = db.conversations.get(conversationKey(key));
  if (!row) return;
  if (what !== 'contact-alone') {
    keepPast(db, row);
    forgetConversation(row);
  }
  if (what !== 'conversation') Object.assign(row, { contactId: null, contactData: null });
}

const ofInbox = (db: MemoryDatabase, workspaceId: string, conversationId: string): readonly ConversationRow[] => {
  const found: ConversationRow[] = [];
  for (const row of db.conversations.values()) {
    if (row.inboxConversationId === conversationId && row.key.workspaceId === workspaceId) found.push(row);
  }
  return found;
};

export function readConversationByInbox(
  db: MemoryDatabase,
  workspaceId: string,
  conversationId: string,
): ConversationKey | null {
  const past = db.pastConversations.get(pastId(workspaceId, conversationId));
  return (ofInbox(db, workspaceId, conversationId)[0] ?? past)?.key ?? null;
}

export function unlinkInboxConversation(db: MemoryDatabase, workspaceId: string, conversationId: string): void {
  for (const row of ofInbox(db, workspaceId, conversationId)) forgetConversation(row);
  db.pastConversations.delete(pastId(workspaceId, conversationId));
}

const pastId = (workspaceId: string, conversationId: string): string => `${workspaceId}\n${conversationId}`;

/** Replies in a conversation that the chat has left are still sent. */
function keepPast(db: MemoryDatabase, { key, inboxConversationId, linkedAtMs }: ConversationRow): void {
  if (inboxConversationId === null) return;
  const id = pastId(key.workspaceId, inboxConversationId);
  if (!db.pastConversations.has(id)) db.pastConversations.set(id, { key, linkedAtMs: linkedAtMs ?? db.nowMs() });
}

export function leaveConversation(db: MemoryDatabase, key: ConversationKey, conversationId: string): void {
  const row = db.conversations.get(conversationKey(key));
  if (row?.inboxConversationId !== conversationId) return;
  keepPast(db, row);
  forgetConversation(row);
}

export function recordArranged(db: MemoryDatabase, key: ConversationKey): void {
  const row = db.conversations.get(conversationKey(key));
  if (row) row.arrangement = null;
}

export function relinkContact(
  db: MemoryDatabase,
  workspaceId: string,
  merge: {
    readonly fromContactId: string;
    readonly intoContactId: string;
    readonly intoData?: Readonly<Record<string, string>>;
  },
): void {
  for (const row of db.conversations.values()) {
    if (row.key.workspaceId !== workspaceId || row.contactId !== merge.fromContactId) continue;
    row.contactId = merge.intoContactId;
    if (row.contactData !== null) row.contactData = { ...row.contactData, ...merge.intoData };
  }
}

export function listRecentOutbound(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  limit: number,
): readonly OutboundContent[] {
  return [...db.messages.values()]
    .filter(({ key, direction }) => direction === 'outbound' && key.channelId === channelId && key.chatId === chatId)
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map(({ content }) => content as OutboundContent);
}

export function reserveEntry(db: MemoryDatabase, row: EntryReservation): ReservedEntry {
  const { workspaceId, key, conversationId, textHash, afterEntryId } = row;
  const before = db.writes.get(writeId(workspaceId, key));
  if (before) {
    return {
      first: false,
      conversationId: before.conversationId,
      entryId: before.entryId,
      afterEntryId: before.afterEntryId,
    };
  }
  db.writes.set(writeId(workspaceId, key), {
    workspaceId,
    conversationId,
    textHash: textHash.toString('hex'),
    entryId: null,
    afterEntryId,
    createdAtMs: db.nowMs(),
  });
  return { first: true, conversationId, entryId: null, afterEntryId };
}

export function releaseEntry(db: MemoryDatabase, workspaceId: string, key: string): void {
  if (db.writes.get(writeId(workspaceId, key))?.entryId === null) db.writes.delete(writeId(workspaceId, key));
}

const hasEntry = (db: MemoryDatabase, workspaceId: string, entryId: string): WriteRow | undefined => {
  for (const write of db.writes.values()) {
    if (write.entryId === entryId && write.workspaceId === workspaceId) return write;
  }
  return undefined;
};

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
  const recorded = hasEntry(db, workspaceId, entryId);
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

export function isOtherEntry(db: MemoryDatabase, workspaceId: string, entryKey: string, entryId: string): boolean {
  const recorded = hasEntry(db, workspaceId, entryId);
  return recorded !== undefined && recorded !== db.writes.get(writeId(workspaceId, entryKey));
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
  row.mirror = 'done';
  row.inboxConversationId = appended.conversationId;
  row.inboxEntryId = appended.entryId;
  row.mirrorDetail = appended.remark;
}

export const recordPartMirrored = recordEntry;

export function isEntryRecorded(db: MemoryDatabase, workspaceId: string, entryKey: string): boolean {
  return (db.writes.get(writeId(workspaceId, entryKey))?.entryId ?? null) !== null;
}

export function recordReported(db: MemoryDatabase, message: MirrorMessage): void {
  const row = messageOf(db, message.createdOn, message.messageId);
  if (row) row.mirror = 'done';
}

export function recordMirrorDead(db: MemoryDatabase, message: MirrorMessage, detail: string): void {
  const row = messageOf(db, message.createdOn, message.messageId);
  if (row) Object.assign(row, { mirror: 'dead', mirrorDetail: detail });
}

export function readOwnWrites(
  db: MemoryDatabase,
  workspaceId: string,
  conversationId: string,
  entryId: string,
): OwnWrites & { readonly isReported: boolean } {
  const openWrites: { textHash: string }[] = [];
  let inLedger = false;
  for (const write of db.writes.values()) {
    if (write.workspaceId !== workspaceId) continue;
    if (write.entryId === entryId) inLedger = true;
    if (write.entryId === null && write.conversationId === conversationId)
      openWrites.push({ textHash: write.textHash });
  }
  return { inLedger, openWrites, isReported: db.fences.has(fenceId(workspaceId, `reported:${entryId}`)) };
}

export function storeReplyPlan(db: MemoryDatabase, workspaceId: string, entryId: string, plan: ReplyPlan): ReplyPlan {
  const id = `${workspaceId}\n${entryId}`;
  const kept = db.replyPlans.get(id) ?? plan;
  db.replyPlans.set(id, kept);
  return kept;
}

export function isOpeningConversation(db: MemoryDatabase, workspaceId: string): boolean {
  for (const write of db.writes.values()) {
    if (write.workspaceId === workspaceId && write.entryId === null && write.conversationId === null) return true;
  }
  return false;
}

export function readEarlierMessage(
  db: MemoryDatabase,
  { key, messageId }: Pick<MirrorMessage, 'key' | 'messageId'>,
): EarlierMessage | null {
  let earlier: MessageRow | null = null;
  for (const row of db.messages.values()) {
    const isOfChat = row.key.channelId === key.channelId && row.key.chatId === key.chatId && row.id < messageId;
    const counts =
      row.direction === 'inbound' ? row.key.topicId === key.topicId : row.state === 'sent' || row.state === 'unknown';
    if (isOfChat && counts && row.id > (earlier?.id ?? 0)) earlier = row;
  }
  if (earlier === null) return null;
  return { origin: earlier.origin, senderId: earlier.senderId, createdAtMs: Math.round(earlier.createdAtMs) };
}

export function markReported(db: MemoryDatabase, workspaceId: string, entryId: string): void {
  db.fences.add(fenceId(workspaceId, `reported:${entryId}`));
}

export function listReconcilableWorkspaces(db: MemoryDatabase): readonly ReconcileState[] {
  return [...db.workspaces.values()]
    .filter(({ id, state }) => (state === 'active' || state === 'broken') && hasConversation(db, id))
    .map(({ id }) => ({ workspaceId: id, reconciledAtMs: db.reconciliations.get(id) ?? null }))
    .sort((a, b) => (a.reconciledAtMs ?? -1) - (b.reconciledAtMs ?? -1) || (a.workspaceId < b.workspaceId ? -1 : 1));
}

function hasConversation(db: MemoryDatabase, workspaceId: string): boolean {
  for (const { key, inboxConversationId } of db.conversations.values()) {
    if (inboxConversationId !== null && key.workspaceId === workspaceId) return true;
  }
  return false;
}

export function saveReconciled(db: MemoryDatabase, workspaceId: string, reconciledAtMs: number): void {
  const before = db.reconciliations.get(workspaceId) ?? Number.NEGATIVE_INFINITY;
  db.reconciliations.set(workspaceId, Math.max(before, reconciledAtMs));
}

export function readLinks(
  db: MemoryDatabase,
  workspaceId: string,
  conversationIds: readonly string[],
): readonly LinkedConversation[] {
  return conversationIds.flatMap((conversationId) => {
    const past = db.pastConversations.get(pastId(workspaceId, conversationId));
    return [...ofInbox(db, workspaceId, conversationId), ...(past ? [past] : [])].flatMap(({ key, linkedAtMs }) =>
      linkedAtMs === null ? [] : [{ conversationId, key, linkedAtMs }],
    );
  });
}

export function findUnknownEntries(
  db: MemoryDatabase,
  workspaceId: string,
  entryIds: readonly string[],
): readonly string[] {
  const written = new Set<string | null>();
  for (const write of db.writes.values()) if (write.workspaceId === workspaceId) written.add(write.entryId);
  return entryIds.filter(
    (entryId) =>
      !written.has(entryId) &&
      !db.keys.has(keyId({ scope: workspaceId, route: 'relay', key: `${entryId}#0` })) &&
      !db.fences.has(fenceId(workspaceId, `entry:${entryId}`)) &&
      !db.fences.has(fenceId(workspaceId, `reported:${entryId}`)),
  );
}

export const mirrorQueries = {
  readMessage: readMirrorMessage,
  recordMirrored,
  recordPartMirrored,
  recordDead: recordMirrorDead,
  recordReported,
};

export const conversationsQueries = {
  read: readConversation,
  readByInbox: readConversationByInbox,
  linkContact,
  relinkContact,
  leave: leaveConversation,
  recordArranged,
  unlink,
  unlinkInboxConversation,
};

export const replyPlansQueries = { store: storeReplyPlan };

export const chatsQueriesOfInbox = { read: readChat };

export const reconciliationQueries = {
  list: listReconcilableWorkspaces,
  save: saveReconciled,
  readLinks,
  findUnknownEntries,
  markReported,
};

export const inboxWritesQueries = {
  reserve: reserveEntry,
  release: releaseEntry,
  isRecorded: isEntryRecorded,
  isOther: isOtherEntry,
  readOwn: readOwnWrites,
  isOpeningConversation,
};

export const messageHistoryQueriesOfInbox = { listRecentOutbound, readEarlier: readEarlierMessage };
