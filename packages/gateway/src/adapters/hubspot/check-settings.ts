import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import type { HubspotClient } from './client.ts';
import { listInboxes, namesOf } from './portal-inboxes.ts';
import type { HubspotSettings } from './settings.ts';

const asked = { effect: 'reads', about: 'account' } as const;

type Check = InboxOutcome<readonly UnfitSetting[]>;

/** Whether the portal has the inbox, and HubSpot takes the developer's key for the app. Both are used with the first bot only. */
export async function checkSettings(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  const inbox = await checkInbox(client, settings);
  if (inbox.kind !== 'ok') return inbox;
  const key = await checkDeveloperKey(client, settings);
  return key.kind === 'ok' ? { kind: 'ok', value: [...inbox.value, ...key.value] } : key;
}

async function checkInbox(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  if (settings.inbox_id === undefined) return { kind: 'ok', value: [] };
  const listed = await listInboxes(client, settings);
  // HubSpot: listing needs the scope conversations.read, which what follows does not.
  if (listed.kind === 'rejected') return { kind: 'ok', value: [] };
  if (listed.kind !== 'ok') return listed;
  if (listed.value.some(({ id }) => id === settings.inbox_id)) return { kind: 'ok', value: [] };
  const detail = `must be the id of an inbox of this portal: ${namesOf(listed.value)}. Provided: ${settings.inbox_id}.`;
  return { kind: 'ok', value: [{ field: 'inbox_id', detail }] };
}

async function checkDeveloperKey(client: HubspotClient, settings: HubspotSettings): Promise<Check> {
  const path = `/conversations/custom-channels/${settings.api_version}`;
  const listed = await client.callAsDeveloper('GET', path, null, asked);
  if (listed.kind === 'ok') return { kind: 'ok', value: [] };
  if (listed.kind !== 'rejected') return listed;
  // Without an answer, no key was given.
  if (listed.status === 0) return { kind: 'ok', value: [] };
  const detail = `must be the developer API key of the account that has the app ${settings.app_id}; copy it from the keys of that developer account. ${listed.detail}.`;
  return { kind: 'ok', value: [{ field: 'developer_api_key', detail }] };
}
