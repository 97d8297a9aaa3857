import type { Inbox as ShownInbox } from '@chatferry/contract';
import type { BoundConnectInbox, BoundInbox } from '../../ports/bound-inbox.ts';

export type HubspotInput = Extract<BoundInbox, { kind: 'hubspot' }>;

/** The configuration of a portal. Throws for that of another kind, which is a bug of the caller. */
export function hubspotInput(input: BoundInbox): HubspotInput {
  if (input.kind !== 'hubspot') throw new Error(`the HubSpot adapter was given the configuration of ${input.kind}`);
  return input;
}

/** The configuration without its secrets. */
export function show(input: BoundInbox): ShownInbox {
  const {
    client_id,
    app_id,
    channel_id = null,
    inbox_id = null,
    base_url = null,
    contact_matching = null,
    developer_api_key,
  } = hubspotInput(input);
  return {
    kind: 'hubspot',
    settings: {
      client_id,
      app_id,
      channel_id,
      inbox_id,
      base_url,
      contact_matching,
      has_developer_api_key: developer_api_key !== undefined,
    },
  };
}

export function appOf(input: BoundInbox): BoundConnectInbox {
  const { refresh_token: _grant, ...app } = hubspotInput(input);
  return app;
}

/** HubSpot: a custom channel has one address that HubSpot calls; it is registered with the first bot. */
export function whyPublicAddressIsNeeded(input: BoundInbox, workspaceId: string): string | null {
  return hubspotInput(input).channel_id === undefined
    ? `HubSpot needs an address to call, and this gateway has none: start it again with CHATFERRY_PUBLIC_URL set. Or set inbox.channel_id of the workspace ${workspaceId} to a custom channel that exists in HubSpot already.`
    : null;
}
