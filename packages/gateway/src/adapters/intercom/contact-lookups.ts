import type { ContactLink, InboxOutcome } from '../../ports/inbox.ts';
import { textAt, valueAt } from '../json-answer.ts';
import { asRepeatable } from './classify.ts';
import type { IntercomClient } from './client.ts';

/** How many merges are followed; a contact is seldom merged twice. */
const hopsMax = 5;

/** Reading contacts by an id that Intercom or the store named. */
export interface Lookups {
  /** The contact as Intercom has it now: under its canonical id, with its role; `gone` where there is none. */
  lookUp(contactId: string): Promise<InboxOutcome<ContactLink>>;
  /** The same, and out of the archive where it is there. */
  reuse(contactId: string): Promise<InboxOutcome<ContactLink>>;
}

export function createLookups(client: IntercomClient): Lookups {
  const lookUp = async (contactId: string): Promise<InboxOutcome<ContactLink>> => {
    let wanted = contactId;
    for (let hop = 0; hop < hopsMax; hop += 1) {
      const outcome = await client.get(`/contacts/${encodeURIComponent(wanted)}`, 'contact');
      if (outcome.kind === 'ok') return linkOf(outcome.value);
      const canonicalId = outcome.kind === 'gone' ? outcome.successor?.contactId : undefined;
      if (canonicalId === undefined || canonicalId === null) return outcome;
      wanted = canonicalId;
    }
    return { kind: 'gone', what: 'contact', detail: `Intercom names no end of the merges of contact ${contactId}` };
  };

  const unarchive = async (contactId: string): Promise<InboxOutcome<ContactLink>> => {
    const outcome = await client.post(`/contacts/${encodeURIComponent(contactId)}/unarchive`, {}, 'contact');
    if (outcome.kind !== 'ok') return asRepeatable(outcome);
    return lookUp(contactId);
  };

  /** A contact that Intercom named itself, fit to be written to. */
  const reuse = async (contactId: string): Promise<InboxOutcome<ContactLink>> => {
    const outcome = await client.get(`/contacts/${encodeURIComponent(contactId)}`, 'contact');
    if (outcome.kind === 'ok') {
      return valueAt(outcome.value, 'archived') === true ? unarchive(contactId) : linkOf(outcome.value);
    }
    if (outcome.kind !== 'gone') return outcome;
    const canonicalId = outcome.successor?.contactId;
    // Intercom hides an archived contact from reads, but not from the check for duplicates.
    return canonicalId === undefined || canonicalId === null ? unarchive(contactId) : lookUp(canonicalId);
  };

  return { lookUp, reuse };
}

export function linkOf(json: unknown): InboxOutcome<ContactLink> {
  const contactId = textAt(json, 'id');
  if (contactId === null) {
    return { kind: 'rejected', detail: 'Intercom answered with a contact that has no id' };
  }
  return { kind: 'ok', value: { contactId, data: { role: textAt(json, 'role') === 'user' ? 'user' : 'lead' } } };
}
