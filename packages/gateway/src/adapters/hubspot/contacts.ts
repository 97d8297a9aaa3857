import type { ContactLink, ContactRequest, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { type HubspotOutcome, repeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import { encodeContactProperties, encodeContactSearch, identifierOf } from './encode.ts';
import type { ContactMatching, HubspotSettings } from './settings.ts';

/** HubSpot: search is eventually consistent; a create that may have worked is looked for after this. */
const searchableAfterMs = 30_000;

export interface Contacts {
  ensure(request: ContactRequest): Promise<InboxOutcome<ContactLink>>;
  /** Whether the contact is still there. */
  check(contactId: string): Promise<InboxOutcome<true>>;
  offerPhone(contact: ContactLink, phone: string): Promise<InboxOutcome<true>>;
  /** Only where it still has the old name: an agent may have given it another. */
  rename(contact: ContactLink, names: { readonly from: string; readonly to: string }): Promise<InboxOutcome<true>>;
}

/**
 * Without `contact_matching`, or where the chat has no identifier, a conversation has no contact, and that is well.
 * HubSpot may refuse a contact by the portal's own rules; the conversation goes on without it, `data.refused` says why.
 */
export function createContacts(client: HubspotClient, settings: HubspotSettings): Contacts {
  const contacts = `/crm/objects/${settings.api_version}/contacts`;

  const search = async (matching: ContactMatching, identifier: string): Promise<InboxOutcome<ContactLink | null>> => {
    const body = encodeContactSearch(matching, identifier);
    const outcome = await client.call('POST', `${contacts}/search`, body, { effect: 'reads', about: 'account' });
    if (outcome.kind !== 'ok') return outcome;
    const contactId = textAt(listAt(outcome.value, 'results')[0], 'id');
    return { kind: 'ok', value: contactId === null ? null : { contactId, data: {} } };
  };

  const make = async (
    request: ContactRequest,
    matching: ContactMatching,
    identifier: string,
  ): Promise<InboxOutcome<ContactLink>> => {
    const properties = encodeContactProperties(request, matching, identifier);
    const outcome = matching.unique ? await upsert(matching, identifier, properties) : await create(properties);
    if (outcome.kind === 'ok') {
      const contactId = textAt(outcome.value, 'id') ?? textAt(outcome.value, 'results', 0, 'id');
      return contactId === null ? withoutContact('HubSpot made the contact and gave it no id') : linkTo(contactId);
    }
    if (outcome.kind !== 'rejected') return repeatable(outcome, matching.unique ? null : searchableAfterMs);
    const holderId = holderNamedBy(outcome.message);
    return holderId === null ? withoutContact(outcome.detail) : linkTo(holderId);
  };

  const create = (properties: object): Promise<HubspotOutcome> =>
    client.call('POST', contacts, { properties, associations: [] }, { effect: 'writes', about: 'account' });

  /** Creates or finds in one step, which no race can double. */
  const upsert = (matching: ContactMatching, identifier: string, properties: object): Promise<HubspotOutcome> =>
    client.call(
      'POST',
      `${contacts}/batch/upsert`,
      { inputs: [{ id: identifier, idProperty: matching.property, properties }] },
      { effect: 'writes', about: 'account' },
    );

  return {
    async ensure(request) {
      const matching = settings.contact_matching;
      const identifier = matching === undefined ? null : identifierOf(request, matching);
      if (matching === undefined || identifier === null) return { kind: 'ok', value: { contactId: null, data: {} } };
      const found = await search(matching, identifier);
      if (found.kind === 'rejected') return withoutContact(found.detail);
      if (found.kind !== 'ok') return found;
      if (found.value !== null) return { kind: 'ok', value: found.value };
      return matching.create
        ? make(request, matching, identifier)
        : { kind: 'ok', value: { contactId: null, data: {} } };
    },
    async check(contactId) {
      const path = `${contacts}/${encodeURIComponent(contactId)}`;
      const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'contact' });
      return outcome.kind === 'ok' ? { kind: 'ok', value: true } : outcome;
    },
    async offerPhone({ contactId }, phone) {
      if (contactId === null) return { kind: 'ok', value: true };
      const path = `${contacts}/${encodeURIComponent(contactId)}`;
      const asked = { effect: 'writes', about: 'contact' } as const;
      const outcome = await client.call('PATCH', path, { properties: { phone } }, asked);
      return done(outcome);
    },
    async rename({ contactId }, { from, to }) {
      if (contactId === null) return { kind: 'ok', value: true };
      const path = `${contacts}/${encodeURIComponent(contactId)}`;
      const query = `?${new URLSearchParams({ properties: 'firstname' })}`;
      const contact = await client.call('GET', `${path}${query}`, null, { effect: 'reads', about: 'contact' });
      if (contact.kind !== 'ok') return done(contact);
      if (textAt(contact.value, 'properties', 'firstname') !== from) return { kind: 'ok', value: true };
      const change = { properties: { firstname: to } };
      return done(await client.call('PATCH', path, change, { effect: 'writes', about: 'contact' }));
    },
  };
}

/** HubSpot, 409: "Contact already exists. Existing ID: 123"; 400 for a unique property: "123 already has that value." */
const holderNamedBy = (message: string): string | null =>
  /Existing ID:\s*(\d+)/i.exec(message)?.[1] ?? /\b(\d+) already has that value/i.exec(message)?.[1] ?? null;

/** Of what the conversation can do without: a refusal is well. */
const done = (outcome: HubspotOutcome): InboxOutcome<true> =>
  outcome.kind === 'ok' || outcome.kind === 'rejected' ? { kind: 'ok', value: true } : repeatable(outcome);

const linkTo = (contactId: string): InboxOutcome<ContactLink> => ({ kind: 'ok', value: { contactId, data: {} } });

const withoutContact = (refused: string): InboxOutcome<ContactLink> => ({
  kind: 'ok',
  value: { contactId: null, data: { refused } },
});
