import type { ContactLink, InboxOutcome } from '../../ports/inbox.ts';
import type { StoredConversation } from '../../store/conversations.ts';
import type { StoreSlice } from '../../store/store.ts';
import { isInbound } from './build-entry.ts';
import type { MirrorTarget } from './mirror-target.ts';

export type EnsureContactStore = StoreSlice<{ readonly conversations: 'linkContact' }>;

/** The chat's contact: found or created if there is none, and renamed once it is known whose chat it is. */
export async function ensureContact(
  store: EnsureContactStore,
  { message, workspace, request, unknownTitle }: MirrorTarget,
  { contact, isContactNameless }: StoredConversation,
): Promise<InboxOutcome<ContactLink>> {
  const from = unknownTitle;
  const to = request.person?.name ?? request.chat.title;
  const isNameless = to === from;
  if (contact === null) {
    const made = await workspace.inbox.ensureContact(request);
    if (made.kind === 'ok') await store.conversations.linkContact(message.key, made.value, isNameless);
    return made;
  }
  if (isContactNameless && !isNameless) {
    const renamed = await workspace.inbox.contacts?.rename(contact, { from, to });
    if (renamed !== undefined && renamed.kind !== 'ok' && renamed.kind !== 'gone' && renamed.kind !== 'rejected')
      return renamed;
    await store.conversations.linkContact(message.key, contact, false);
  }
  return { kind: 'ok', value: contact };
}

/** Offers a phone number that the customer shared to the contact. It goes before the entry, so that both are tried again. */
export async function offerSharedPhone(target: MirrorTarget, contact: ContactLink): Promise<InboxOutcome<true>> {
  const { content } = target.message;
  const isOwn = isInbound(content) && content.content.kind === 'contact' && content.content.own;
  const { contacts } = target.workspace.inbox;
  if (!isOwn || contacts === undefined) return { kind: 'ok', value: true };
  return contacts.offerPhone(contact, content.content.phone);
}
