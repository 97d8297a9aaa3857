import type { AppendedEntry, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import type { IntercomOutcome } from './classify.ts';
import type { IntercomClient } from './client.ts';
import { type Contacts, roleOf } from './contacts.ts';
import { encodeConversationSearch, encodeMessage, encodeOpening, type MessageType } from './encode.ts';
import { findMissingObject } from './find-missing-object.ts';
import { hasWordsOf, isBy, isYoungEnough, type PartAuthor, remarkOf } from './part-author.ts';

/** Entries that open their conversation. The entry is the conversation's source, which is no part. */
export interface ConversationOpener {
  open(link: ConversationLink, entry: InboxEntry, author: PartAuthor): Promise<InboxOutcome<AppendedEntry>>;
  find(link: ConversationLink, entry: InboxEntry, author: PartAuthor): Promise<InboxOutcome<AppendedEntry | null>>;
}

export function createConversationOpener(client: IntercomClient, contacts: Contacts): ConversationOpener {
  /** The spelling that this workspace has accepted: Intercom's description says `in_app`, its clients send `inapp`. */
  let accepted: MessageType | null = null;

  const post = async (
    link: ConversationLink,
    contactId: string,
    entry: InboxEntry,
    author: PartAuthor,
  ): Promise<IntercomOutcome> => {
    const to = { contactId, role: roleOf(link.contact) };
    if (author.kind === 'contact') {
      return client.post('/conversations', encodeOpening(contactId, to.role, entry), 'contact');
    }
    const send = (type: MessageType) =>
      client.post('/messages', encodeMessage(type, author.sender.adminId, to, entry), 'contact');
    const outcome = await send(accepted ?? 'in_app');
    if (outcome.kind === 'ok') accepted ??= 'in_app';
    if (outcome.kind !== 'rejected' || accepted !== null) return outcome;
    // Nothing was carried out. Which field is refused, only words would say: the other spelling is tried once.
    const again = await send('inapp');
    if (again.kind === 'ok') accepted = 'inapp';
    return again.kind === 'rejected' ? outcome : again;
  };

  const find: ConversationOpener['find'] = async (link, entry, author) => {
    const { contactId } = link.contact;
    if (contactId === null) return { kind: 'ok', value: null };
    const outcome = await client.search('/conversations/search', encodeConversationSearch(contactId));
    if (outcome.kind !== 'ok') return outcome;
    const hasWords = hasWordsOf(entry);
    const conversation = listAt(outcome.value, 'conversations').find((candidate) => {
      const source = valueAt(candidate, 'source');
      return isBy(source, author) && hasWords(source) && isYoungEnough(candidate, entry);
    });
    const conversationId = textAt(conversation, 'id');
    const entryId = textAt(conversation, 'source', 'id');
    if (conversationId === null || entryId === null) return { kind: 'ok', value: null };
    return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(author) } };
  };

  return {
    find,
    async open(link, entry, author) {
      const { contactId } = link.contact;
      if (contactId === null) return { kind: 'gone', what: 'contact', detail: 'the link names no Intercom contact' };
      const outcome = await post(link, contactId, entry, author);
      if (outcome.kind === 'gone') return findMissingObject(client, contacts, link);
      if (outcome.kind === 'rejected') {
        // A lead that became a user is refused under its old role.
        const now = await contacts.lookUp(contactId);
        return now.kind === 'ok' && roleOf(now.value) !== roleOf(link.contact)
          ? { kind: 'gone', what: 'contact', detail: 'the contact has another role now', successor: now.value }
          : outcome;
      }
      if (outcome.kind !== 'ok') return outcome;
      const entryId = textAt(outcome.value, 'id');
      const conversationId = textAt(outcome.value, 'conversation_id');
      if (entryId !== null && conversationId !== null) {
        return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(author) } };
      }
      const found = await find(link, entry, author);
      if (found.kind === 'ok' && found.value !== null) return { kind: 'ok', value: found.value };
      return { kind: 'uncertain', detail: 'Intercom took the message and does not show its conversation yet' };
    },
  };
}
