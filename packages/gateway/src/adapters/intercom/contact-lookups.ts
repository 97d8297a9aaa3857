import type { ContactLink, InboxOutcome } from '../../ports/inbox.ts';
import { textAt, valueAt } from '../json-answer.ts';
import { asRepeatable } from './classify.ts';
import type { IntercomClient } from './client.ts';

/** How many merges are followed; a contact is seldom merged twice. */
const hopsMax = 5;

/** A contact as Intercom shows it. */
export interface ShownContact extends ContactLink {
  /** It takes no message until it is out of the archive. */
  readonly isArchived: boolean;
}

/** Reading contacts by an id that Intercom or the store named. */
export interface Lookups {
  /** The contact as Intercom has it now: under its canonical id, with its role; `gone` where Intercom shows none. */
  find(contactId: string): Promise<InboxOutcome<ShownContact>>;
  /** The same, as a link. */
  lookUp(contactId: string): Promise<InboxOutcome<ContactLink>>;
  /** The same, and out of the archive where it is there or may be there; `gone` where Intercom does not restore it. */
  reuse(contactId: string): Promise<InboxOutcome<ContactLink>>;
}

export const createLookups = (client: IntercomClient): Lookups => ({
  find: (contactId) => findContact(client, contactId),
  lookUp: (contactId) => lookUp(client, contactId),
  reuse: (contactId) => reuse(client, contactId),
});

async function findContact(client: IntercomClient, contactId: string): Promise<InboxOutcome<ShownContact>> {
  let wanted = contactId;
  for (let hop = 0; hop < hopsMax; hop += 1) {
    const outcome = await client.get(`/contacts/${encodeURIComponent(wanted)}`, 'contact');
    if (outcome.kind === 'ok') {
      const link = linkOf(outcome.value);
      const isArchived = valueAt(outcome.value, 'archived') === true;
      return link.kind === 'ok' ? { kind: 'ok', value: { ...link.value, isArchived } } : link;
    }
    const canonicalId = outcome.kind === 'gone' ? outcome.successor?.contactId : undefined;
    if (canonicalId === undefined || canonicalId === null) return outcome;
    wanted = canonicalId;
  }
  return { kind: 'gone', what: 'contact', detail: `Intercom names no end of the merges of contact ${contactId}` };
}

async function lookUp(client: IntercomClient, contactId: string): Promise<InboxOutcome<ContactLink>> {
  const found = await findContact(client, contactId);
  return found.kind === 'ok' ? { kind: 'ok', value: linkTo(found.value) } : found;
}

/** Intercom hides an archived contact from reads, but not from the check for duplicates; some answers show it. */
async function reuse(client: IntercomClient, contactId: string): Promise<InboxOutcome<ContactLink>> {
  const found = await findContact(client, contactId);
  if (found.kind === 'ok' && !found.value.isArchived) return { kind: 'ok', value: linkTo(found.value) };
  if (found.kind !== 'ok' && found.kind !== 'gone') return found;
  const archivedId = found.kind === 'ok' ? (found.value.contactId ?? contactId) : contactId;
  const path = `/contacts/${encodeURIComponent(archivedId)}/unarchive`;
  const restored = await client.post(path, null, 'contact');
  if (restored.kind === 'ok') return lookUp(client, archivedId);
  // Intercom restores neither a contact that was deleted for good, nor one that was merged into another.
  return restored.kind === 'rejected'
    ? { kind: 'gone', what: 'contact', detail: restored.detail }
    : asRepeatable(restored);
}

const linkTo = ({ contactId, data }: ContactLink): ContactLink => ({ contactId, data });

export function linkOf(json: unknown): InboxOutcome<ContactLink> {
  const contactId = textAt(json, 'id');
  if (contactId === null) {
    return { kind: 'rejected', detail: 'Intercom answered with a contact that has no id' };
  }
  return { kind: 'ok', value: { contactId, data: { role: textAt(json, 'role') === 'user' ? 'user' : 'lead' } } };
}
