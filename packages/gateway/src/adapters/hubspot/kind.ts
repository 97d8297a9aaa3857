import type { InboxKindFacts } from '../inbox-adapter.ts';
import { textAt } from '../json-answer.ts';
import { appOf, show, whyPublicAddressIsNeeded } from './configuration.ts';
import { decode } from './decode.ts';
import { eventsIn, identify } from './identify.ts';
import { setup } from './setup.ts';
import { hasSignature, verify } from './verify.ts';

export const hubspotKind: InboxKindFacts = {
  kind: 'hubspot',
  displayName: 'HubSpot',
  senderField: 'hubspot_user_id',
  webhookTopics: [],
  webhookSettingsPage: '',
  // https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth
  credentialPage:
    'Copy the client id and the client secret from the page Auth of your app in HubSpot, and the developer API key from Keys, Developer API key. A refresh token belongs to the app that it was given to: if you have none that works, connect by OAuth with chatferry workspaces connect --kind hubspot.',
  // HubSpot: up to ten times within 24 hours.
  repeatsCalls: true,
  missingScopesAdvice:
    "Add them to the app's scopes and check that the account's subscription includes them (custom channels: Sales Hub or Service Hub Professional).",
  setup,
  hasSignature,
  verify: ({ url, ...call }, input, nowMs) =>
    input.kind === 'hubspot' && verify({ ...call, publicUrl: url }, input.client_secret, nowMs),
  // HubSpot: a channel belongs to the app, and all portals that installed it call the app's one address.
  accountOf: (raw) => textAt(eventsIn(raw)[0], 'portalId'),
  identify,
  decode,
  sharesWebhookAddress: () => true,
  show,
  appOf,
  whyPublicAddressIsNeeded,
  credentialRemedy: (workspaceId) => `Connect it again: chatferry workspaces connect --workspace ${workspaceId} --wait`,
  eventsRemedy: ({ url, channelId }) =>
    `HubSpot calls ${url}: make sure that it is reachable from outside, and check that the app is installed: chatferry channels check ${channelId}`,
};
