import type { ContactLink, ContactRequest, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { ensureAttributes, namesAttribute } from './attributes.ts';
import { type IntercomOutcome, type Refusal, repeatable } from './classify.ts';
import type { IntercomClient } from './client.ts';
import { createLookups, linkOf } from './contact-lookups.ts';
import {
  type ContactLife,
  type ContactRole,
  chatAttribute,
  chatKey,
  encodeContact,
  encodeContactSearch,
  externalId,
} from './encode.ts';

/** Intercom: a new contact can be searched after "a few minutes"; a create that may have worked is repeated then. */
const searchableAfterMs = 120_000;

export interface Contacts {
  ensure(request: ContactRequest): Promise<InboxOutcome<ContactLink>>;
  /** The contact as Intercom has it now: under its canonical id, with its role; `gone` where there is none. */
  lookUp(contactId: string): Promise<InboxOutcome<ContactLink>>;
  /** The same, and out of the archive where it is there. */
  reuse(contactId: string): Promise<InboxOutcome<ContactLink>>;
  offerPhone(contact: ContactLink, phone: string): Promise<InboxOutcome<true>>;
  /** Only where it still has the old name: an agent may have given it another. */
  rename(contact: ContactLink, names: { readonly from: string; readonly to: string }): Promise<InboxOutcome<true>>;
}

export const roleOf = (contact: ContactLink): ContactRole => (contact.data['role'] === 'user' ? 'user' : 'lead');

/** Lookup goes by attribute, for users by the external id first; the caller's own link comes before both. */
export function createContacts(client: IntercomClient, role: ContactRole): Contacts {
  const { lookUp, reuse } = createLookups(client);

  const byExternalId = async (request: ContactRequest): Promise<InboxOutcome<ContactLink | null>> => {
    const path = `/contacts/find_by_external_id/${encodeURIComponent(externalId(request, 'first'))}`;
    const outcome = await client.get(path, 'contact');
    if (outcome.kind === 'ok') return linkOf(outcome.value);
    if (outcome.kind !== 'gone') return outcome;
    const canonicalId = outcome.successor?.contactId;
    return canonicalId === undefined || canonicalId === null ? { kind: 'ok', value: null } : lookUp(canonicalId);
  };

  const byAttribute = async (request: ContactRequest): Promise<InboxOutcome<ContactLink | null>> => {
    const outcome = await client.search('/contacts/search', encodeContactSearch(request));
    // Intercom refuses to search an attribute that does not exist; then nobody carries it.
    if (outcome.kind === 'rejected' && outcome.status === 400) return { kind: 'ok', value: null };
    if (outcome.kind !== 'ok') return outcome;
    const found = listAt(outcome.value, 'data').filter(
      (contact) => textAt(contact, 'custom_attributes', chatAttribute) === chatKey(request),
    );
    // A lead merged into a user by hand: the user is who survives.
    const contact = found.find((candidate) => textAt(candidate, 'role') === 'user') ?? found[0];
    return contact === undefined ? { kind: 'ok', value: null } : linkOf(contact);
  };

  const create = async (request: ContactRequest, life: ContactLife): Promise<InboxOutcome<ContactLink>> => {
    const contact = encodeContact(request, role, life);
    let outcome = await client.post('/contacts', contact, 'account');
    if (outcome.kind === 'rejected' && namesAttribute(outcome)) {
      const ensured = await ensureAttributes(client);
      if (ensured.kind !== 'ok') return ensured;
      outcome = await client.post('/contacts', contact, 'account');
    }
    if (outcome.kind === 'ok') return linkOf(outcome.value);
    if (outcome.kind === 'rejected' && outcome.status === 409) {
      const found = await existing(outcome, request);
      // Intercom keeps the external id of a contact that was deleted for good locked for about a week.
      return found.kind === 'gone' && life === 'first' ? create(request, 'second') : found;
    }
    if (outcome.kind === 'uncertain' && role === 'lead') {
      return { kind: 'deferred', retryAfterMs: searchableAfterMs, detail: outcome.detail, unanswered: true };
    }
    return repeatable(outcome);
  };

  const existing = async (refusal: Refusal, request: ContactRequest): Promise<InboxOutcome<ContactLink>> => {
    const named = /\bid=([0-9A-Za-z]+)/.exec(refusal.message)?.[1];
    if (named !== undefined) return reuse(named);
    const found = await byExternalId(request);
    if (found.kind !== 'ok') return found;
    return found.value === null ? refusal : { kind: 'ok', value: found.value };
  };

  return {
    lookUp,
    reuse,
    async ensure(request) {
      if (role === 'user') {
        const found = await byExternalId(request);
        if (found.kind !== 'ok') return found;
        if (found.value !== null) return { kind: 'ok', value: found.value };
      }
      const found = await byAttribute(request);
      if (found.kind !== 'ok') return found;
      return found.value !== null ? { kind: 'ok', value: found.value } : create(request, 'first');
    },
    async offerPhone(contact, phone) {
      if (contact.contactId === null) return { kind: 'ok', value: true };
      const outcome = await client.put(`/contacts/${encodeURIComponent(contact.contactId)}`, { phone }, 'contact');
      return done(outcome);
    },
    async rename({ contactId }, { from, to }) {
      if (contactId === null) return { kind: 'ok', value: true };
      const path = `/contacts/${encodeURIComponent(contactId)}`;
      const contact = await client.get(path, 'contact');
      if (contact.kind !== 'ok') return done(contact);
      if (textAt(contact.value, 'name') !== from) return { kind: 'ok', value: true };
      return done(await client.put(path, { name: to }, 'contact'));
    },
  };
}

/** Of what the conversation can do without: a refusal is well. */
const done = (outcome: IntercomOutcome): InboxOutcome<true> =>
  outcome.kind === 'ok' || outcome.kind === 'rejected' ? { kind: 'ok', value: true } : repeatable(outcome);
