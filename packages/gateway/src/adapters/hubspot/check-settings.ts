import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import { at, listAt, textAt } from '../json-answer.ts';
import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';

/** Pages of the portal's inboxes: a portal has a few. */
const pagesMax = 10;
/** As many as a person will read through. */
const namedMax = 20;
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
  const path = `/conversations/conversations/${settings.api_version}/inboxes`;
  const names: string[] = [];
  let query = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const listed = await client.call('GET', `${path}${query}`, null, asked);
    // HubSpot: listing needs the scope conversations.read, which what follows does not.
    if (listed.kind === 'rejected') return { kind: 'ok', value: [] };
    if (listed.kind !== 'ok') return listed;
    const inboxes = listAt(listed.value, 'results').filter((inbox) => at(inbox, 'archived') !== true);
    if (inboxes.some((inbox) => textAt(inbox, 'id') === settings.inbox_id)) return { kind: 'ok', value: [] };
    names.push(...inboxes.map((inbox) => `${textAt(inbox, 'id')} (${textAt(inbox, 'name')})`));
    const after = textAt(listed.value, 'paging', 'next', 'after');
    if (after === null) break;
    query = `?${new URLSearchParams({ after })}`;
  }
  const choice = names.slice(0, namedMax).join(', ');
  const detail = `must be the id of an inbox of this portal: ${choice || 'it has none, so make one in HubSpot first'}. Provided: ${settings.inbox_id}.`;
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
