import type { ContactLink } from '@chatferry/gateway/internal/ports/inbox';
import type { ConversationKey, StoredConversation, Unlinked } from '@chatferry/gateway/internal/store/conversations';
import type { QueryBinder } from './bind-queries.ts';
import type { ConversationRow, MemoryDatabase } from './database.ts';

export const conversationKey = (key: {
  readonly channelId: string;
  readonly chatId: string;
  readonly topicId: string;
}): string => `${key.channelId}:${key.chatId}:${key.topicId}`;

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

export function conversationRow(db: MemoryDatabase, key: ConversationKey): ConversationRow {
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
    storePastConversation(db, row);
    forgetConversation(row);
  }
  if (what !== 'conversation') Object.assign(row, { contactId: null, contactData: null });
}

export function adoptConversation(
  db: MemoryDatabase,
  workspaceId: string,
  opened: { readonly conversationId: string; readonly entryId: string; readonly contactIds: readonly string[] },
): ConversationKey | null {
  const [row] = [...db.conversations.values()]
    .filter(
      ({ key, contactId }) =>
        key.workspaceId === workspaceId && contactId !== null && opened.contactIds.includes(contactId),
    )
    .sort((a, b) => (b.lastEntryAtMs ?? 0) - (a.lastEntryAtMs ?? 0));
  if (row === undefined) return null;
  if (row.inboxConversationId !== opened.conversationId) storePastConversation(db, row);
  row.inboxConversationId = opened.conversationId;
  row.lastEntryId = opened.entryId;
  row.lastEntryAtMs = db.nowMs();
  row.linkedAtMs = db.nowMs();
  row.arrangement = null;
  row.generation += 1;
  return row.key;
}

export const listRowsOfInboxConversation = (
  db: MemoryDatabase,
  workspaceId: string,
  conversationId: string,
): readonly ConversationRow[] => {
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
  return (listRowsOfInboxConversation(db, workspaceId, conversationId)[0] ?? past)?.key ?? null;
}

export function unlinkInboxConversation(db: MemoryDatabase, workspaceId: string, conversationId: string): void {
  for (const row of listRowsOfInboxConversation(db, workspaceId, conversationId)) forgetConversation(row);
  db.pastConversations.delete(pastId(workspaceId, conversationId));
}

export const pastId = (workspaceId: string, conversationId: string): string => `${workspaceId}\n${conversationId}`;

/** Replies in a conversation that the chat has left are still sent. */
function storePastConversation(db: MemoryDatabase, { key, inboxConversationId, linkedAtMs }: ConversationRow): void {
  if (inboxConversationId === null) return;
  const id = pastId(key.workspaceId, inboxConversationId);
  if (!db.pastConversations.has(id)) db.pastConversations.set(id, { key, linkedAtMs: linkedAtMs ?? db.nowMs() });
}

export function leaveConversation(db: MemoryDatabase, key: ConversationKey, conversationId: string): void {
  const row = db.conversations.get(conversationKey(key));
  if (row?.inboxConversationId !== conversationId) return;
  storePastConversation(db, row);
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

/** The queries of `store.conversations`. */
export const conversations = ({ bind }: QueryBinder) =>
  bind('conversations', {
    read: readConversation,
    readByInbox: readConversationByInbox,
    linkContact,
    adopt: adoptConversation,
    relinkContact,
    leave: leaveConversation,
    recordArranged,
    unlink,
    unlinkInboxConversation,
  });
