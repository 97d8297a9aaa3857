import type { AppendedEntry, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import type { IntercomOutcome } from './classify.ts';
import type { IntercomClient } from './client.ts';
import { type Contacts, roleOf } from './contacts.ts';
import { encodeConversationSearch, encodeMessage, encodeOpening } from './encode.ts';
import { whoIsMissing } from './missing.ts';
import { hasWordsOf, isBy, isYoungEnough, remarkOf, type Voice } from './voice.ts';

/** Entries that open their conversation. The entry is the conversation's source, which is no part. */
export interface Openings {
  open(link: ConversationLink, entry: InboxEntry, voice: Voice): Promise<InboxOutcome<AppendedEntry>>;
  find(link: ConversationLink, entry: InboxEntry, voice: Voice): Promise<InboxOutcome<AppendedEntry | null>>;
}

export function createOpenings(client: IntercomClient, contacts: Contacts): Openings {
  /** The spelling that this workspace accepts: Intercom's description and its clients differ. */
  let messageType: 'inapp' | 'in_app' = 'inapp';

  const post = async (
    link: ConversationLink,
    contactId: string,
    entry: InboxEntry,
    voice: Voice,
  ): Promise<IntercomOutcome> => {
    const to = { contactId, role: roleOf(link.contact) };
    if (voice.kind === 'contact') {
      return client.post('/conversations', encodeOpening(contactId, to.role, entry), 'contact');
    }
    const send = () => client.post('/messages', encodeMessage(messageType, voice.sender.adminId, to, entry), 'contact');
    const outcome = await send();
    if (outcome.kind !== 'rejected' || !/message_?type/i.test(outcome.message)) return outcome;
    messageType = messageType === 'inapp' ? 'in_app' : 'inapp';
    return send();
  };

  const find: Openings['find'] = async (link, entry, voice) => {
    const { contactId } = link.contact;
    if (contactId === null) return { kind: 'ok', value: null };
    const outcome = await client.search('/conversations/search', encodeConversationSearch(contactId));
    if (outcome.kind !== 'ok') return outcome;
    const hasWords = hasWordsOf(entry);
    const conversation = listAt(outcome.value, 'conversations').find((candidate) => {
      const source = valueAt(candidate, 'source');
      return isBy(source, voice) && hasWords(source) && isYoungEnough(candidate, entry);
    });
    const conversationId = textAt(conversation, 'id');
    const entryId = textAt(conversation, 'source', 'id');
    if (conversationId === null || entryId === null) return { kind: 'ok', value: null };
    return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(voice) } };
  };

  return {
    find,
    async open(link, entry, voice) {
      const { contactId } = link.contact;
      if (contactId === null) return { kind: 'gone', what: 'contact', detail: 'the link names no Intercom contact' };
      const outcome = await post(link, contactId, entry, voice);
      if (outcome.kind === 'gone') return whoIsMissing(client, contacts, link);
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
        return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(voice) } };
      }
      const found = await find(link, entry, voice);
      if (found.kind === 'ok' && found.value !== null) return { kind: 'ok', value: found.value };
      return { kind: 'uncertain', detail: 'Intercom took the message and does not show its conversation yet' };
    },
  };
}
