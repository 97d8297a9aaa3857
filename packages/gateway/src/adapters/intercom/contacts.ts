import type { ContactLink, ContactRequest, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { ensureAttributes, namesAttribute } from './attributes.ts';
import { asRepeatable, type IntercomOutcome, type Refusal } from './classify.ts';
import type { IntercomClient } from './client.ts';
import { createLookups, type Lookups, linkOf } from './contact-lookups.ts';
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

export interface Contacts extends Lookups {
  ensure(request: ContactRequest): Promise<InboxOutcome<ContactLink>>;
  offerPhone(contact: ContactLink, phone: string): Promise<InboxOutcome<true>>;
  /** Only where it still has the old name: an agent may have given it another one. */
  rename(contact: ContactLink, names: { readonly from: string; readonly to: string }): Promise<InboxOutcome<true>>;
}

export const roleOf = (contact: ContactLink): ContactRole => (contact.data['role'] === 'user' ? 'user' : 'lead');

/** How contacts of one workspace are found and created. */
interface ContactDeps extends Lookups {
  readonly client: IntercomClient;
  /** The role of new contacts. */
  readonly role: ContactRole;
}

export function createContacts(client: IntercomClient, role: ContactRole): Contacts {
  const lookups = createLookups(client);
  const deps: ContactDeps = { client, role, ...lookups };
  return {
    ...lookups,
    ensure: (request) => ensureContact(deps, request),
    offerPhone: (contact, phone) => offerPhone(client, contact, phone),
    rename: (contact, names) => renameContact(client, contact, names),
  };
}

type Found = InboxOutcome<ContactLink | null>;

/** A user is looked up by the external id first; then every contact by the attribute that names its chat. */
async function ensureContact(deps: ContactDeps, request: ContactRequest): Promise<InboxOutcome<ContactLink>> {
  if (deps.role === 'user') {
    const found = await findByExternalId(deps, request);
    if (found.kind !== 'ok') return found;
    if (found.value !== null) return { kind: 'ok', value: found.value };
  }
  const found = await findByAttribute(deps, request);
  if (found.kind !== 'ok') return found;
  return found.value !== null ? { kind: 'ok', value: found.value } : createContact(deps, request, 'first');
}

async function findByExternalId({ client, lookUp }: ContactDeps, request: ContactRequest): Promise<Found> {
  const path = `/contacts/find_by_external_id/${encodeURIComponent(externalId(request, 'first'))}`;
  const outcome = await client.get(path, 'match');
  if (outcome.kind === 'ok') return linkOf(outcome.value);
  if (outcome.kind === 'rejected' && outcome.status === 404) return { kind: 'ok', value: null };
  if (outcome.kind !== 'gone') return outcome;
  const canonicalId = outcome.successor?.contactId;
  return canonicalId === undefined || canonicalId === null ? { kind: 'ok', value: null } : lookUp(canonicalId);
}

async function findByAttribute({ client }: ContactDeps, request: ContactRequest): Promise<Found> {
  const outcome = await client.search('/contacts/search', encodeContactSearch(request));
  // Intercom refuses to search an attribute that does not exist; then no contact has it.
  if (outcome.kind === 'rejected' && outcome.status === 400) return { kind: 'ok', value: null };
  if (outcome.kind !== 'ok') return outcome;
  const found = listAt(outcome.value, 'data').filter(
    (contact) => textAt(contact, 'custom_attributes', chatAttribute) === chatKey(request),
  );
  // When a teammate merges a lead into a user, the user survives.
  const contact = found.find((candidate) => textAt(candidate, 'role') === 'user') ?? found[0];
  return contact === undefined ? { kind: 'ok', value: null } : linkOf(contact);
}

async function createContact(
  deps: ContactDeps,
  request: ContactRequest,
  life: ContactLife,
): Promise<InboxOutcome<ContactLink>> {
  const { client, role } = deps;
  const contact = encodeContact(request, role, life);
  let outcome = await client.post('/contacts', contact, 'account');
  if (outcome.kind === 'rejected' && namesAttribute(outcome)) {
    const ensured = await ensureAttributes(client);
    if (ensured.kind !== 'ok') return ensured;
    outcome = await client.post('/contacts', contact, 'account');
  }
  if (outcome.kind === 'ok') return linkOf(outcome.value);
  if (outcome.kind === 'rejected' && outcome.status === 409) {
    const found = await findDuplicate(deps, outcome, request);
    // Intercom keeps the external id of a contact that was deleted for good locked for about a week.
    return found.kind === 'gone' && life === 'first' ? createContact(deps, request, 'second') : found;
  }
  if (outcome.kind === 'uncertain' && role === 'lead') {
    return { kind: 'deferred', retryAfterMs: searchableAfterMs, detail: outcome.detail, unanswered: true };
  }
  return asRepeatable(outcome);
}

/** The existing contact that made Intercom refuse to create another one. */
async function findDuplicate(
  deps: ContactDeps,
  refusal: Refusal,
  request: ContactRequest,
): Promise<InboxOutcome<ContactLink>> {
  const named = /\bid=([0-9A-Za-z]+)/.exec(refusal.message)?.[1];
  if (named !== undefined) return deps.reuse(named);
  const found = await findByExternalId(deps, request);
  if (found.kind !== 'ok') return found;
  return found.value === null ? refusal : { kind: 'ok', value: found.value };
}

/** Only where it has no number: the team may have entered another one. The entry says the number in any case. */
async function offerPhone(
  client: IntercomClient,
  { contactId }: ContactLink,
  phone: string,
): Promise<InboxOutcome<true>> {
  if (contactId === null) return { kind: 'ok', value: true };
  const path = `/contacts/${encodeURIComponent(contactId)}`;
  const contact = await client.get(path, 'contact');
  if (contact.kind !== 'ok') return acceptRefusal(contact);
  if (textAt(contact.value, 'phone') !== null) return { kind: 'ok', value: true };
  return acceptRefusal(await client.put(path, { phone }, 'contact'));
}

async function renameContact(
  client: IntercomClient,
  { contactId }: ContactLink,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<InboxOutcome<true>> {
  if (contactId === null) return { kind: 'ok', value: true };
  const path = `/contacts/${encodeURIComponent(contactId)}`;
  const contact = await client.get(path, 'contact');
  if (contact.kind !== 'ok') return acceptRefusal(contact);
  if (textAt(contact.value, 'name') !== from) return { kind: 'ok', value: true };
  return acceptRefusal(await client.put(path, { name: to }, 'contact'));
}

/** For what the conversation does not need: a refusal counts as success. */
const acceptRefusal = (outcome: IntercomOutcome): InboxOutcome<true> =>
  outcome.kind === 'ok' || outcome.kind === 'rejected' ? { kind: 'ok', value: true } : asRepeatable(outcome);
