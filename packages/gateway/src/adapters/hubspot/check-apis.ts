import type { InboxOutcome } from '../../ports/inbox.ts';
import { apis } from './apis.ts';
import type { HubspotOutcome } from './classify.ts';
import type { HubspotClient } from './client.ts';
import { channelPath } from './portal.ts';
import type { HubspotSettings } from './settings.ts';

const asked = { effect: 'reads', about: 'account' } as const;

/**
 * Whether HubSpot serves each API in the version that is called. Each is asked for one object of a list, which changes
 * nothing. An API that is missing is `rejected`, with its name and version; a missing permission is not looked at. The
 * OAuth API has been called before, for the token.
 */
export async function checkApis(client: HubspotClient, settings: HubspotSettings): Promise<InboxOutcome<true>> {
  for (const path of listsOf(settings)) {
    const found = findMissing(await client.call('GET', path, null, asked));
    if (found !== null) return found;
  }
  return { kind: 'ok', value: true };
}

/** What the answer says of the API: null if it is there, as a refusal also says. */
export function findMissing(
  outcome: HubspotOutcome,
): Exclude<InboxOutcome<never>, { readonly kind: 'ok' | 'uncertain' }> | null {
  if ('isUnknownPath' in outcome) return { kind: 'rejected', detail: outcome.detail };
  return outcome.kind === 'deferred' || outcome.kind === 'broken' ? outcome : null;
}

function listsOf({ contact_matching: matching, channel_id: channelId }: HubspotSettings): readonly string[] {
  return [
    `${apis.conversations.path}/inboxes?limit=1`,
    `${apis.conversations.path}/threads?limit=1`,
    `${apis.owners.path}?limit=1`,
    `${apis.files.path}/search?limit=1`,
    ...(matching === undefined ? [] : [`${apis.contacts.path}?limit=1`, apis.properties.path]),
    ...(channelId === undefined ? [] : [`${channelPath(channelId)}/channel-accounts?limit=1`]),
  ];
}
