import type { ContactLink, InboxOutcome } from '../../ports/inbox.ts';
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
  if (conversationId !== null) {
    const conversation = await client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');
    if (conversation.kind !== 'ok') return conversation;
  }
  const contactId = link?.contactId ?? null;
  if (link === null || contactId === null)
    return { kind: 'gone', what: 'contact', detail: 'the link names no Intercom contact' };
  const contact = await contacts.lookUp(contactId);
  if (contact.kind === 'gone') return revive(contacts, contactId);
  if (contact.kind !== 'ok') return contact;
  if (contact.value.contactId === contactId && roleOf(contact.value) === roleOf(link)) {
    const detail = 'Intercom knows the contact, and takes no message for it yet';
    return { kind: 'deferred', retryAfterMs: unmessageableMs, detail };
  }
  const detail = 'the contact was merged into another one, or has another role';
  return { kind: 'gone', what: 'contact', detail, successor: contact.value };
}

/** Intercom: an archived contact is hidden from reads and comes back by `unarchive`; one that was deleted for good does not. */
async function revive(contacts: Contacts, contactId: string): Promise<InboxOutcome<never>> {
  const revived = await contacts.reuse(contactId);
  return revived.kind === 'ok'
    ? { kind: 'gone', what: 'contact', detail: 'the contact was archived, and is back', successor: revived.value }
    : revived;
}
