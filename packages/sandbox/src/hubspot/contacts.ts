import type { Fields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import { object, objects, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import type { Contact, Portal } from './portal.ts';
import { conflict, invalid, notFound } from './refusal.ts';
import { isoTime } from './time.ts';

const basePath = '/crm/objects/{version}/contacts';

/** HubSpot: values are strings, and only properties that exist may be set. */
function propertiesIn(portal: Portal, given: Fields): Readonly<Record<string, string>> {
  const entries = Object.entries(given);
  const unknown = entries.filter(([name]) => !portal.properties.has(name)).map(([name]) => name);
  if (unknown.length > 0) {
    const problems = unknown.map((name) => ({
      isValid: false,
      message: `Property "${name}" does not exist`,
      error: 'PROPERTY_DOESNT_EXIST',
      name,
    }));
    throw invalid(`Property values were not valid: ${JSON.stringify(problems)}`, {
      errors: unknown.map((name) => ({
        message: `Property "${name}" does not exist`,
        code: 'PROPERTY_DOESNT_EXIST',
        context: { propertyName: [name] },
      })),
    });
  }
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== 'string') throw invalid(`Invalid input JSON: property ${name} must be a string`);
      return [name, value];
    }),
  );
}

/**
 * HubSpot: for an e-mail that is taken the answer is 409 with the contact's id in the message; for another unique value
 * 400.
 */
function checkUnique(portal: Portal, properties: Readonly<Record<string, string>>, self?: Contact): void {
  const unique = [...portal.properties.values()].filter((property) => property.unique && properties[property.name]);
  for (const contact of portal.contacts.values()) {
    if (contact === self) continue;
    const taken = unique.find(({ name }) => contact.properties[name] === properties[name]);
    if (taken?.name === 'email') throw conflict(`Contact already exists. Existing ID: ${contact.id}`);
    if (taken) {
      throw invalid(
        `Cannot set propertyName=${taken.name}, value=${properties[taken.name]}. ${contact.id} already has that value.`,
      );
    }
  }
}

/** All properties, including those that HubSpot sets itself. */
export function allProperties(contact: Contact): Readonly<Record<string, string>> {
  return {
    ...contact.properties,
    createdate: isoTime(contact.createdAtMs),
    lastmodifieddate: isoTime(contact.updatedAtMs),
    hs_object_id: contact.id,
  };
}

export function contactShape(contact: Contact) {
  return {
    id: contact.id,
    properties: allProperties(contact),
    createdAt: isoTime(contact.createdAtMs),
    updatedAt: isoTime(contact.updatedAtMs),
    archived: false,
  };
}

export function createContact(environment: Environment, portal: Portal, given: Fields): Contact {
  const properties = propertiesIn(portal, given);
  checkUnique(portal, properties);
  const nowMs = environment.context.clock.nowMs();
  const contact: Contact = {
    id: environment.ids.next('contact'),
    properties,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    searchableAtMs: nowMs + portal.options.searchDelayMs,
  };
  portal.contacts.set(contact.id, contact);
  environment.context.feed.publish('hubspot', 'contact.created', { portalId: portal.id, contactId: contact.id });
  return contact;
}

function changeContact(environment: Environment, portal: Portal, contact: Contact, given: Fields): Contact {
  const properties = propertiesIn(portal, given);
  checkUnique(portal, properties, contact);
  contact.properties = { ...contact.properties, ...properties };
  contact.updatedAtMs = environment.context.clock.nowMs();
  environment.context.feed.publish('hubspot', 'contact.updated', { portalId: portal.id, contactId: contact.id });
  return contact;
}

function requestedContact(call: Call): Contact {
  const contact = call.portal.contacts.get(call.params['contactId'] ?? '');
  if (!contact) throw notFound('resource');
  return contact;
}

/** HubSpot: ten a page unless `limit` says another number. */
function listContacts(portal: Portal, query: Call['query']) {
  const contacts = [...portal.contacts.values()];
  const limit = Number(query['limit'] ?? 10);
  const start = Number(query['after'] ?? 0);
  const next = start + limit < contacts.length ? { paging: { next: { after: String(start + limit) } } } : {};
  return { results: contacts.slice(start, start + limit).map(contactShape), ...next };
}

/**
 * Creates or changes contacts by a unique property. The operation is atomic: concurrent calls cannot create duplicates.
 */
function upsertContacts(environment: Environment, { portal, body }: Call) {
  const startedAt = isoTime(environment.context.clock.nowMs());
  const results = objects(body, 'inputs').map((input) => {
    const idProperty = text(input, 'idProperty');
    const id = text(input, 'id');
    if (!portal.properties.get(idProperty)?.unique) {
      throw invalid(`Property ${idProperty} does not have unique values and cannot be the idProperty`);
    }
    const properties = { ...object(input, 'properties'), [idProperty]: id };
    const present = [...portal.contacts.values()].find((contact) => contact.properties[idProperty] === id);
    const contact = present
      ? changeContact(environment, portal, present, properties)
      : createContact(environment, portal, properties);
    return { ...contactShape(contact), new: present === undefined };
  });
  return { status: 'COMPLETE', results, startedAt, completedAt: startedAt };
}

export function contactOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: `POST ${basePath}`,
      status: 201,
      handle: ({ portal, body }) => contactShape(createContact(environment, portal, object(body, 'properties'))),
    },
    { name: `GET ${basePath}`, handle: ({ portal, query }) => listContacts(portal, query) },
    { name: `GET ${basePath}/{contactId}`, handle: (call) => contactShape(requestedContact(call)) },
    {
      name: `PATCH ${basePath}/{contactId}`,
      handle: (call) =>
        contactShape(changeContact(environment, call.portal, requestedContact(call), object(call.body, 'properties'))),
    },
    {
      name: `DELETE ${basePath}/{contactId}`,
      status: 204,
      handle(call) {
        call.portal.contacts.delete(requestedContact(call).id);
      },
    },
    { name: `POST ${basePath}/batch/upsert`, handle: (call) => upsertContacts(environment, call) },
  ];
}
