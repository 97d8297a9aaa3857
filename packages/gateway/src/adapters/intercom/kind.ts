import type { InboxKindFacts } from '../inbox-adapter.ts';
import { parseJson, textAt } from '../json-answer.ts';
import { appOf, show } from './configuration.ts';
import { decode } from './decode.ts';
import { identify } from './identify.ts';
import { topicsToSubscribe } from './topics.ts';
import { hasSignature, verify } from './verify.ts';

export const intercomKind: InboxKindFacts = {
  kind: 'intercom',
  displayName: 'Intercom',
  senderField: 'intercom_teammate_id',
  webhookTopics: topicsToSubscribe,
  webhookSettingsPage: 'the Developer Hub',
  // https://developers.intercom.com/docs/build-an-integration/learn-more/authentication
  credentialPage:
    'Copy the access token from the Developer Hub of Intercom: your app, Authentication. The client secret is another one: it is under Basic information.',
  // Intercom: once more, after a minute.
  repeatsCalls: false,
  missingScopesAdvice: "Add them to the app's permissions in the Developer Hub.",
  hasSignature,
  verify: (call, input) => input.kind === 'intercom' && verify(call, input.client_secret ?? null),
  // Intercom: all workspaces that installed an app call the app's one address, each under its own id.
  accountOf: (raw) => textAt(parseJson(raw.toString('utf8')), 'app_id'),
  identify,
  decode,
  sharesWebhookAddress: (settings) => settings['client_id'] !== undefined,
  show,
  appOf,
  whyPublicAddressIsNeeded: () => null,
  credentialRemedy: (workspaceId, isByOauth) =>
    isByOauth
      ? `Connect it again: chatferry workspaces connect --workspace ${workspaceId} --wait`
      : `Give it a token that works: chatferry workspaces update ${workspaceId} --kind intercom --access-token-file FILE`,
  eventsRemedy: ({ url }) =>
    `In the Developer Hub of Intercom, in your app, under Webhooks, subscribe these topics: ${topicsToSubscribe.join(', ')}, to this address: ${url}.`,
};
