import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { apis } from './apis.ts';
import { checkApis } from './check-apis.ts';
import type { HubspotClient } from './client.ts';
import { listInboxes, namesOf } from './portal-inboxes.ts';
import type { HubspotSettings } from './settings.ts';

const asked = { effect: 'reads', about: 'account' } as const;

type Check = InboxOutcome<readonly UnfitSetting[]>;

/**
 * Whether HubSpot serves the APIs that are called, and the portal has what is used with the first bot or the first customer
 * only: the inbox, the property, the developer's key.
 */
export async function checkSettings(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  const served = await checkApis(client, settings);
  if (served.kind !== 'ok') return served;
  const inbox = await checkInbox(client, settings);
  if (inbox.kind !== 'ok') return inbox;
  const property = await checkProperty(client, settings);
  if (property.kind !== 'ok') return property;
  const key = await checkDeveloperKey(client, settings);
  return key.kind === 'ok' ? { kind: 'ok', value: [...inbox.value, ...property.value, ...key.value] } : key;
}

/** HubSpot: a contact is neither found nor made by a property that is not there. */
async function checkProperty(client: HubspotClient, { contact_matching: matching }: HubspotSettings): Promise<Check> {
  if (matching === undefined) return { kind: 'ok', value: [] };
  const path = `${apis.properties.path}/${encodeURIComponent(matching.property)}`;
  const found = await client.call('GET', path, null, asked);
  // HubSpot: reading properties needs a scope of its own, which matching does not.
  const isMissing = found.kind === 'rejected' && found.status === 404;
  if (found.kind !== 'ok' && found.kind !== 'rejected') return found;
  if (!isMissing) return { kind: 'ok', value: [] };
  const detail = `must be the internal name of a contact property of this portal; make one in HubSpot under Settings, Properties, Contact properties. Provided: ${matching.property}.`;
  return { kind: 'ok', value: [{ field: 'contact_matching/property', detail }] };
}

async function checkInbox(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  if (settings.inbox_id === undefined) return { kind: 'ok', value: [] };
  const listed = await listInboxes(client);
  // HubSpot: listing needs the scope conversations.read, which what follows does not.
  if (listed.kind === 'rejected') return { kind: 'ok', value: [] };
  if (listed.kind !== 'ok') return listed;
  if (listed.value.some(({ id }) => id === settings.inbox_id)) return { kind: 'ok', value: [] };
  const detail = `must be the id of an inbox of this portal: ${namesOf(listed.value)}. Provided: ${settings.inbox_id}.`;
  return { kind: 'ok', value: [{ field: 'inbox_id', detail }] };
}

async function checkDeveloperKey(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  const listed = await client.callAsDeveloper('GET', apis.customChannels.path, null, asked);
  if (listed.kind === 'ok') return { kind: 'ok', value: [] };
  if (listed.kind !== 'rejected') return listed;
  // Without an answer, no key was given.
  if (listed.status === 0) return { kind: 'ok', value: [] };
  const detail = `must be the developer API key of the account that has the app ${settings.app_id}; copy it from the keys of that developer account. ${listed.detail}.`;
  return { kind: 'ok', value: [{ field: 'developer_api_key', detail }] };
}
