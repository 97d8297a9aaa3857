import { contactShape } from './contact-shape.ts';
import type { Environment } from './environment.ts';
import type { Operation } from './operation.ts';
import { pageOfResults, parseQuery, requiredQuery, sortOrder } from './search-query.ts';
import type { Contact, Workspace } from './workspace.ts';

const customPrefix = 'custom_attributes.';
const readers: Readonly<Record<string, (contact: Contact) => unknown>> = {
  id: (contact) => contact.id,
  role: (contact) => contact.role,
  name: (contact) => contact.name,
  avatar: (contact) => contact.avatar,
  owner_id: (contact) => contact.ownerId,
  email: (contact) => contact.email,
  phone: (contact) => contact.phone,
  external_id: (contact) => contact.externalId,
  created_at: (contact) => contact.createdAt,
  updated_at: (contact) => contact.updatedAt,
  last_replied_at: (contact) => contact.lastRepliedAt,
};

function isSearchable(workspace: Workspace, field: string): boolean {
  return (
    field in readers ||
    workspace.attributes.some((attribute) => attribute.model === 'contact' && field === customPrefix + attribute.name)
  );
}

function read(contact: Contact, field: string): readonly unknown[] {
  if (field.startsWith(customPrefix)) return [contact.customAttributes[field.slice(customPrefix.length)] ?? null];
  return [readers[field]?.(contact) ?? null];
}

/** Intercom: the search can take minutes to find a new contact, and never finds archived or merged contacts. */
export function contactSearchOperations({ context }: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /contacts/search',
      handle({ workspace, body }) {
        const matches = parseQuery<Contact>(requiredQuery(body), read, (field) => isSearchable(workspace, field));
        const { field, descending } = sortOrder(body);
        const nowMs = context.clock.nowMs();
        const found = [...workspace.contacts.values()]
          .filter((contact) => contact.state.kind === 'live' && contact.searchableAtMs <= nowMs && matches(contact))
          .sort((one, other) => Number(read(one, field)[0] ?? 0) - Number(read(other, field)[0] ?? 0));
        const page = pageOfResults(descending ? found.reverse() : found, body, 50);
        return {
          type: 'list',
          data: page.items.map((contact) => contactShape(workspace, contact)),
          total_count: page.total,
          pages: page.pages,
        };
      },
    },
  ];
}
