import type { Fields } from '../inbox-server/fields.ts';
import { allProperties, contactShape } from './contacts.ts';
import type { Environment } from './environment.ts';
import { choice, list, objects, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import type { Contact } from './portal.ts';
import { invalid } from './refusal.ts';

const operators = ['EQ', 'NEQ', 'IN', 'NOT_IN', 'HAS_PROPERTY', 'NOT_HAS_PROPERTY', 'CONTAINS_TOKEN'] as const;
const limitMax = 200;

function filterMatcher({ portal }: Call, filter: Fields): (contact: Contact) => boolean {
  const name = text(filter, 'propertyName');
  const operator = choice(filter, 'operator', operators);
  if (!portal.properties.has(name))
    throw invalid(`There was a problem with the request: property ${name} does not exist`);
  const read = (contact: Contact) => allProperties(contact)[name];
  if (operator === 'HAS_PROPERTY') return (contact) => read(contact) !== undefined;
  if (operator === 'NOT_HAS_PROPERTY') return (contact) => read(contact) === undefined;
  if (operator === 'IN' || operator === 'NOT_IN') {
    const values = list(filter, 'values');
    return (contact) => values.includes(read(contact)) === (operator === 'IN');
  }
  const value = text(filter, 'value');
  if (operator === 'CONTAINS_TOKEN') {
    const part = value.replace(/\*/g, '').toLowerCase();
    return (contact) => (read(contact) ?? '').toLowerCase().includes(part);
  }
  return (contact) => (read(contact) === value) === (operator === 'EQ');
}

/**
 * HubSpot: the filters of a group are joined by AND, groups by OR; the search finds a new contact only after some time.
 */
function searchContacts(environment: Environment, call: Call) {
  const { portal, body } = call;
  const groups = objects(body, 'filterGroups').map((group) =>
    objects(group, 'filters').map((filter) => filterMatcher(call, filter)),
  );
  const limit = body['limit'] === undefined ? 10 : Number(body['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax)
    throw invalid(`limit must be between 1 and ${limitMax}`);
  const start = Number(body['after'] ?? 0) || 0;
  const nowMs = environment.context.clock.nowMs();
  const found = [...portal.contacts.values()].filter(
    (contact) =>
      contact.searchableAtMs <= nowMs &&
      (groups.length === 0 || groups.some((filters) => filters.every((matches) => matches(contact)))),
  );
  const next = start + limit < found.length ? { paging: { next: { after: String(start + limit) } } } : {};
  return { total: found.length, results: found.slice(start, start + limit).map(contactShape), ...next };
}

export function contactSearchOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /crm/objects/{version}/contacts/search',
      isUncounted: true,
      handle: (call) => searchContacts(environment, call),
    },
  ];
}
