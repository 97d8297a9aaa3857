import type { Fields } from '../inbox-server/fields.ts';
import { contactShape } from './contact-shape.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { optionalChoice, optionalFields, optionalString } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import { archivedContactExists, contactExists, contactMerged, invalid, missing, userNotFound } from './refusal.ts';
import { type Contact, findSender, type Role, type Workspace } from './workspace.ts';

/** Intercom: the external id of a deleted contact cannot be used again for about a week. */
const externalIdLockMs = 7 * 24 * 3_600_000;
const roles = ['user', 'lead'] as const;

/**
 * A contact that is not archived, deleted or merged. Intercom: a merged contact answers 410 with a `Link` from 2.16 on,
 * and 404 before.
 */
export function liveContact(call: Call, id: string | undefined): Contact {
  const contact = id === undefined ? undefined : call.workspace.contacts.get(id);
  if (!contact) throw userNotFound();
  if (contact.state.kind === 'merged' && call.minorVersion >= 16) throw contactMerged(contact.state.into);
  if (contact.state.kind !== 'live') throw userNotFound();
  return contact;
}

function checkConflict(workspace: Workspace, nowMs: number, wanted: Identity, self?: Contact): void {
  const taken = wanted.externalId == null ? undefined : contactByExternalId(workspace, wanted.externalId);
  const rivals = taken
    ? [taken]
    : wanted.role === 'user' && wanted.email != null
      ? usersByEmail(workspace, wanted.email)
      : [];
  for (const rival of rivals) {
    if (rival === self || rival.state.kind === 'merged') continue;
    if (rival.state.kind === 'live') throw contactExists(rival.id);
    if (rival.state.kind === 'archived') throw archivedContactExists(rival.id);
    if (nowMs - rival.state.atMs < externalIdLockMs) throw archivedContactExists(rival.id);
  }
}

interface Identity {
  readonly role: Role;
  readonly externalId: string | null;
  readonly email: string | null;
}

function contactByExternalId(workspace: Workspace, externalId: string): Contact | undefined {
  const id = workspace.contactIdByExternalId.get(externalId);
  return id === undefined ? undefined : workspace.contacts.get(id);
}

function usersByEmail(workspace: Workspace, email: string): Contact[] {
  return [...workspace.contacts.values()].filter((contact) => contact.role === 'user' && contact.email === email);
}

/** Intercom: an attribute must be created before a contact can have it. */
function checkAttributes(workspace: Workspace, given: Fields): Fields {
  const types: Readonly<Record<string, string>> = { integer: 'number', float: 'number', boolean: 'boolean' };
  for (const [name, value] of Object.entries(given)) {
    const attribute = workspace.attributes.find((known) => known.model === 'contact' && known.name === name);
    if (!attribute) throw invalid(`Custom attribute '${name}' does not exist`);
    const wanted = types[attribute.dataType] ?? (attribute.dataType === 'string' ? 'string' : undefined);
    if (value !== null && wanted !== undefined && typeof value !== wanted) {
      throw invalid(`Custom attribute '${name}' must be of type ${attribute.dataType}`);
    }
  }
  return given;
}

function readOwner(call: Call): string | null {
  const { owner_id: given } = call.body;
  if (given === undefined || given === null) return null;
  if (typeof given !== 'string' && typeof given !== 'number') throw invalid('owner_id must be a string');
  if (!findSender(call.workspace, String(given))) throw invalid('The owner specified is not a member of the workspace');
  return String(given);
}

/** Intercom: a lead cannot have an external id. */
function checkRole(role: Role, externalId: string | null): void {
  if (role === 'lead' && externalId !== null) throw invalid('external_id cannot be set if the role is lead');
}

export function createContact(environment: Environment, call: Call): Contact {
  const { workspace, body } = call;
  const nowMs = environment.context.clock.nowMs();
  const email = optionalString(body, 'email') ?? null;
  const externalId = optionalString(body, 'external_id') ?? null;
  const given = optionalChoice(body, 'role', roles);
  if (email === null && externalId === null && given === undefined)
    throw missing('email, external_id or role is required');
  const role = given ?? 'user';
  checkRole(role, externalId);
  checkConflict(workspace, nowMs, { role, externalId, email });
  const contact: Contact = {
    id: environment.ids.hex(24),
    role,
    externalId,
    email,
    phone: optionalString(body, 'phone') ?? null,
    name: optionalString(body, 'name') ?? null,
    avatar: optionalString(body, 'avatar') ?? null,
    ownerId: readOwner(call),
    customAttributes: checkAttributes(workspace, optionalFields(body, 'custom_attributes') ?? {}),
    createdAt: nowSeconds(environment),
    updatedAt: nowSeconds(environment),
    lastRepliedAt: null,
    searchableAtMs: nowMs + workspace.options.searchDelayMs,
    messageableAtMs: nowMs + workspace.options.unmessageableMs,
    state: { kind: 'live' },
    merges: [],
  };
  workspace.contacts.set(contact.id, contact);
  if (externalId !== null) workspace.contactIdByExternalId.set(externalId, contact.id);
  environment.context.feed.publish('intercom', 'contact.created', {
    workspaceId: workspace.id,
    contactId: contact.id,
    role,
  });
  return contact;
}

function updateContact(environment: Environment, call: Call): Contact {
  const { workspace, body } = call;
  const contact = liveContact(call, call.params['id']);
  const email = optionalString(body, 'email') ?? contact.email;
  const externalId = optionalString(body, 'external_id') ?? contact.externalId;
  const role = optionalChoice(body, 'role', roles) ?? contact.role;
  if (contact.role === 'user' && role === 'lead') throw invalid('A user cannot become a lead');
  checkRole(role, externalId);
  checkConflict(workspace, environment.context.clock.nowMs(), { role, externalId, email }, contact);
  const attributes = checkAttributes(workspace, optionalFields(body, 'custom_attributes') ?? {});
  const clearable = (name: string, present: string | null) =>
    body[name] === null ? null : (optionalString(body, name) ?? present);
  const changes = {
    email,
    externalId,
    role,
    phone: clearable('phone', contact.phone),
    name: clearable('name', contact.name),
    avatar: clearable('avatar', contact.avatar),
    ownerId: readOwner(call) ?? contact.ownerId,
    customAttributes: { ...contact.customAttributes, ...attributes },
    updatedAt: nowSeconds(environment),
  };
  Object.assign(contact, changes);
  if (externalId !== null) workspace.contactIdByExternalId.set(externalId, contact.id);
  environment.context.feed.publish('intercom', 'contact.updated', { workspaceId: workspace.id, contactId: contact.id });
  return contact;
}

function findByExternalId(call: Call): Contact {
  const contact = contactByExternalId(call.workspace, call.params['external_id'] ?? '');
  return liveContact(call, contact?.id);
}

export type ContactState = 'archived' | 'live' | 'deleted';

/** Archives, unarchives or deletes a contact. A deleted contact cannot be restored. */
export function changeContactState(
  environment: Environment,
  workspace: Workspace,
  contactId: string,
  next: ContactState,
) {
  const contact = workspace.contacts.get(contactId);
  if (!contact || contact.state.kind === 'merged' || contact.state.kind === 'deleted') throw userNotFound();
  contact.state = next === 'deleted' ? { kind: next, atMs: environment.context.clock.nowMs() } : { kind: next };
  const name = { archived: 'contact.archived', live: 'contact.unarchived', deleted: 'contact.deleted' }[next];
  environment.context.feed.publish('intercom', name, { workspaceId: workspace.id, contactId: contact.id });
  const outcome = next === 'deleted' ? { deleted: true } : { archived: next === 'archived' };
  if (next === 'deleted')
    void environment.webhooks.deliver(workspace, 'contact.deleted', contactShape(workspace, contact));
  return { type: 'contact', id: contact.id, external_id: contact.externalId, ...outcome };
}

export function contactOperations(environment: Environment): readonly Operation[] {
  const change = (call: Call, next: ContactState) =>
    changeContactState(environment, call.workspace, call.params['id'] ?? '', next);
  const shape = (call: Call, contact: Contact) => contactShape(call.workspace, contact);
  return [
    {
      name: 'GET /contacts/find_by_external_id/{external_id}',
      handle: (call) => shape(call, findByExternalId(call)),
    },
    {
      name: 'POST /contacts',
      subject: (body) => body['external_id'],
      handle: (call) => shape(call, createContact(environment, call)),
    },
    { name: 'GET /contacts/{id}', handle: (call) => shape(call, liveContact(call, call.params['id'])) },
    { name: 'PUT /contacts/{id}', handle: (call) => shape(call, updateContact(environment, call)) },
    { name: 'DELETE /contacts/{id}', handle: (call) => change(call, 'deleted') },
    { name: 'POST /contacts/{id}/archive', handle: (call) => change(call, 'archived') },
    { name: 'POST /contacts/{id}/unarchive', handle: (call) => change(call, 'live') },
  ];
}
