import type { InboxOutcome } from '../../ports/inbox.ts';
import { apis } from './apis.ts';
import type { HubspotClient } from './client.ts';
import { channelPath } from './portal.ts';
import type { HubspotSettings } from './settings.ts';

/**
 * Whether HubSpot serves each API in the version that is called. Each is asked for one object of a list, which changes
 * nothing. An API that is missing is `isUnserved`, with its name and version in the detail; a missing permission is not
 * looked at. The OAuth API has been called before, for the token.
 */
export async function checkApis(client: HubspotClient, settings: HubspotSettings): Promise<InboxOutcome<true>> {
  for (const path of listsOf(settings)) {
    const outcome = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
    if (outcome.kind !== 'ok' && outcome.kind !== 'rejected') return outcome;
  }
  return { kind: 'ok', value: true };
}

function listsOf({ contact_matching: matching, channel_id: channelId }: HubspotSettings): readonly string[] {
  return [
    `${apis.conversations.path}/threads?limit=1`,
    `${apis.owners.path}?limit=1`,
    `${apis.files.path}/search?limit=1`,
    ...(matching === undefined ? [] : [`${apis.contacts.path}?limit=1`, apis.properties.path]),
    ...(channelId === undefined ? [] : [`${channelPath(channelId)}/channel-accounts?limit=1`]),
  ];
}
