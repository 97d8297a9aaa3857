import type { ContactLink, ContactRequest, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { asRepeatable, type HubspotOutcome } from './classify.ts';
import { encodeContactProperties, encodeContactSearch, identifierOf } from './encode.ts';
import type { Portal } from './portal.ts';
import type { ContactMatching } from './settings.ts';

/** HubSpot: search is eventually consistent; a contact whose creation is uncertain is looked for after this. */
const searchableAfterMs = 30_000;

const contactsPath = apis.contacts.path;
const contactPath = (contactId: string): string => `${contactsPath}/${encodeURIComponent(contactId)}`;

/**
 * Finds or creates the contact. Without `contact_matching`, or where the chat has no identifier, a conversation has no contact.
 * HubSpot may refuse a contact by the portal's own rules; then the conversation has no contact, and `data.refused` says why.
 */
export async function ensureContact(portal: Portal, request: ContactRequest): Promise<InboxOutcome<ContactLink>> {
  const matching = portal.settings.contact_matching;
  const identifier = matching === undefined ? null : identifierOf(request, matching);
  if (matching === undefined || identifier === null) return noContact;
  const found = await searchContact(portal, matching, identifier);
  if (found.kind === 'rejected') return withoutContact(found.detail);
  if (found.kind !== 'ok') return found;
  if (found.value !== null) return { kind: 'ok', value: found.value };
  return matching.create ? createContact(portal, request, matching, identifier) : noContact;
}

/** Whether the contact is still there. */
export async function checkContact(portal: Portal, contactId: string): Promise<InboxOutcome<true>> {
  const path = contactPath(contactId);
  const outcome = await portal.client.call('GET', path, null, { effect: 'reads', about: 'contact' });
  return outcome.kind === 'ok' ? done : outcome;
}

/** Only where it has no number: the team may have entered another one. The entry says the number in any case. */
export async function offerPhone(
  portal: Portal,
  { contactId }: ContactLink,
  phone: string,
): Promise<InboxOutcome<true>> {
  if (contactId === null) return done;
  const contact = await readProperty(portal, contactId, 'phone');
  if (contact.kind !== 'ok') return acceptRefusal(contact);
  return textAt(contact.value, 'properties', 'phone') === null ? changeContact(portal, contactId, { phone }) : done;
}

/** Only where it still has the old name: an agent may have given it another one. */
export async function renameContact(
  portal: Portal,
  { contactId }: ContactLink,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<InboxOutcome<true>> {
  if (contactId === null) return done;
  const contact = await readProperty(portal, contactId, 'firstname');
  if (contact.kind !== 'ok') return acceptRefusal(contact);
  if (textAt(contact.value, 'properties', 'firstname') !== from) return done;
  return changeContact(portal, contactId, { firstname: to });
}

const readProperty = ({ client }: Portal, contactId: string, name: string) => {
  const path = `${contactPath(contactId)}?${new URLSearchParams({ properties: name })}`;
  return client.call('GET', path, null, { effect: 'reads', about: 'contact' });
};

async function changeContact(portal: Portal, contactId: string, properties: object): Promise<InboxOutcome<true>> {
  const asked = { effect: 'writes', about: 'contact' } as const;
  return acceptRefusal(await portal.client.call('PATCH', contactPath(contactId), { properties }, asked));
}

async function searchContact(
  portal: Portal,
  matching: ContactMatching,
  identifier: string,
): Promise<InboxOutcome<ContactLink | null>> {
  const body = encodeContactSearch(matching, identifier);
  const path = `${contactsPath}/search`;
  const outcome = await portal.client.call('POST', path, body, { effect: 'reads', about: 'account' });
  if (outcome.kind !== 'ok') return outcome;
  const contactId = textAt(listAt(outcome.value, 'results')[0], 'id');
  return { kind: 'ok', value: contactId === null ? null : { contactId, data: {} } };
}

async function createContact(
  portal: Portal,
  request: ContactRequest,
  matching: ContactMatching,
  identifier: string,
): Promise<InboxOutcome<ContactLink>> {
  const properties = encodeContactProperties(request, matching, identifier);
  const outcome = await postContact(portal, matching, identifier, properties);
  if (outcome.kind === 'ok') {
    const contactId = textAt(outcome.value, 'id') ?? textAt(outcome.value, 'results', 0, 'id');
    return contactId === null ? withoutContact('HubSpot made the contact and gave it no id') : linkTo(contactId);
  }
  if (outcome.kind !== 'rejected') return asRepeatable(outcome, matching.unique ? null : searchableAfterMs);
  const holderId = holderNamedBy(outcome.message);
  return holderId === null ? withoutContact(outcome.detail) : linkTo(holderId);
}

/** Where the property is unique, creates or finds in one step, which no race can double. */
function postContact(
  portal: Portal,
  { unique, property }: ContactMatching,
  identifier: string,
  properties: object,
): Promise<HubspotOutcome> {
  const asked = { effect: 'writes', about: 'account' } as const;
  const path = contactsPath;
  if (!unique) return portal.client.call('POST', path, { properties, associations: [] }, asked);
  const inputs = [{ id: identifier, idProperty: property, properties }];
  return portal.client.call('POST', `${path}/batch/upsert`, { inputs }, asked);
}

/** HubSpot, 409: "Contact already exists. Existing ID: 123"; 400 for a unique property: "123 already has that value." */
const holderNamedBy = (message: string): string | null =>
  /Existing ID:\s*(\d+)/i.exec(message)?.[1] ?? /\b(\d+) already has that value/i.exec(message)?.[1] ?? null;

const done = { kind: 'ok', value: true } as const;
const noContact = { kind: 'ok', value: { contactId: null, data: {} } } as const;

/** For what the conversation does not need: a refusal counts as success. */
const acceptRefusal = (outcome: HubspotOutcome): InboxOutcome<true> =>
  outcome.kind === 'ok' || outcome.kind === 'rejected' ? done : asRepeatable(outcome);

const linkTo = (contactId: string): InboxOutcome<ContactLink> => ({ kind: 'ok', value: { contactId, data: {} } });

const withoutContact = (refused: string): InboxOutcome<ContactLink> => ({
  kind: 'ok',
  value: { contactId: null, data: { refused } },
});
