import type { ContactLink, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import { type Contacts, roleOf } from './contacts.ts';

/** Intercom: a contact may be "briefly unmessageable" after it was created. */
const unmessageableMs = 5_000;

/** A place in Intercom that was not found. */
export interface MissingPlace {
  /** Null if the entry opens its conversation. */
  readonly conversationId: string | null;
  /** Null if no contact speaks. */
  readonly contact: ContactLink | null;
}

/** The contact or the conversation is missing. Intercom gives the same 404 for both. Finds out which one is missing. */
export async function findMissingObject(
  client: IntercomClient,
  contacts: Contacts,
  { conversationId, contact: link }: MissingPlace,
): Promise<InboxOutcome<never>> {
  const conversation = conversationId === null ? null : await readConversation(client, conversationId);
  if (conversation !== null && conversation.kind !== 'ok') return conversation;
  const contactId = link?.contactId ?? null;
  if (link === null || contactId === null)
    return { kind: 'gone', what: 'contact', detail: 'the link names no Intercom contact' };
  const contact = await contacts.find(contactId);
  if (contact.kind === 'gone') return replaceHidden(contacts, contactId, conversation?.value);
  if (contact.kind !== 'ok') return contact;
  if (contact.value.isArchived) return revive(contacts, contactId);
  if (contact.value.contactId === contactId && roleOf(contact.value) === roleOf(link)) {
    const detail = 'Intercom knows the contact, and takes no message for it yet';
    return { kind: 'deferred', retryAfterMs: unmessageableMs, detail };
  }
  const detail = 'the contact was merged into another one, or has another role';
  return replacedBy(contact.value, detail);
}

const readConversation = (client: IntercomClient, conversationId: string) =>
  client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');

/**
 * Intercom answers 404 for a merged contact before version 2.16, and its guides still say so. The conversation then
 * names the contact that remains.
 */
async function replaceHidden(
  contacts: Contacts,
  contactId: string,
  conversation: unknown,
): Promise<InboxOutcome<never>> {
  const named = listAt(conversation, 'contacts', 'contacts').flatMap((contact) => textAt(contact, 'id') ?? []);
  const [remainingId, ...others] = named;
  if (remainingId === undefined || others.length > 0 || remainingId === contactId) return revive(contacts, contactId);
  const remaining = await contacts.reuse(remainingId);
  return remaining.kind === 'ok'
    ? replacedBy(remaining.value, 'the contact was merged into the one that the conversation names')
    : remaining;
}

const replacedBy = ({ contactId, data }: ContactLink, detail: string): InboxOutcome<never> => ({
  kind: 'gone',
  what: 'contact',
  detail,
  successor: { contactId, data },
});

/** Intercom: an archived contact is hidden from reads and comes back by `unarchive`; one that was deleted for good does not. */
async function revive(contacts: Contacts, contactId: string): Promise<InboxOutcome<never>> {
  const revived = await contacts.reuse(contactId);
  return revived.kind === 'ok' ? replacedBy(revived.value, 'the contact was archived, and is back') : revived;
}
