/**
 * The kinds of inbox. With `inbox-questions.ts` the only file of the command that names them: to add a kind, add its options to
 * `inboxOptions`, a member to `inboxKinds`, and its questions.
 */
import type { ConnectInbox, HubspotInput, InboxInput } from '@chatferry/sdk';
import { choice, flag, secret, text, type ValuesOf } from './option.ts';
import { UsageError } from './usage-error.ts';

export type InboxKind = InboxInput['kind'];

/** The options that describe an inbox; shared by `workspaces create`, `workspaces update` and `workspaces connect`. */
export const inboxOptions = {
  kind: choice(['intercom', 'hubspot'], 'The kind of inbox.'),
  'base-url': text(
    'SERVER',
    "The inbox's API: a URL, or a name that the operator has listed. Default: the provider's own.",
  ),
  'access-token': secret('Intercom: the access token of your app.'),
  region: choice(['us', 'eu', 'au'], 'Intercom: where the workspace is hosted. Default: us.'),
  'contact-role': choice(['lead', 'user'], 'Intercom: the role of new contacts. Default: lead.'),
  'client-secret': secret('The client secret of your app. Required for HubSpot; Intercom signs its webhooks with it.'),
  'client-id': text(
    'ID',
    'The client id of your app. Required for HubSpot; for Intercom only if several workspaces installed the app.',
  ),
  'refresh-token': secret('HubSpot: the refresh token of the installed app.'),
  'app-id': text('ID', 'HubSpot: the id of your app.'),
  'inbox-id': text('ID', 'HubSpot: the inbox of new bots. Default: the only inbox of the portal.'),
  'developer-api-key': secret('HubSpot: the developer API key. It is used to create the custom channel.'),
  'custom-channel': text('ID', 'HubSpot: the custom channel. Default: a new one.'),
  'match-property': text('NAME', "HubSpot: the contact property that holds the customer's Telegram identifier."),
  'match-identifier': choice(['user_id', 'username'], 'HubSpot: what that property holds. Default: user_id.'),
  'match-create': flag('HubSpot: create a contact if none matches.'),
} as const;

export type InboxValues = ValuesOf<typeof inboxOptions>;
export type InboxOption = keyof typeof inboxOptions;

interface KindFacts {
  readonly displayName: string;
  /** What an account is called there, with its article. */
  readonly account: string;
  /** What a member of the support team is called there. */
  readonly agent: string;
  /** The options that no other kind has. */
  readonly ownOptions: readonly InboxOption[];
  /** The credential that an install by OAuth brings. */
  readonly oauthCredential: InboxOption;
  /** The options of an example. */
  readonly exampleOptions: string;
  /** Where the webhook address is entered by hand, if the gateway does not enter it. */
  readonly webhookSettings: string;
  readonly hasTags: boolean;
  /** An account can have several inboxes to choose from. */
  readonly hasInboxes: boolean;
  /** The option and the field of a send that name the sender. */
  readonly sender: { readonly option: string; readonly field: string };
  /** The settings and credentials, asking for those that are missing and required. */
  readonly readInput: (values: InboxValues) => Promise<InboxInput>;
  /** The settings for an install by OAuth. The gateway has defaults for what is missing. */
  readonly readApp: (values: InboxValues) => Promise<ConnectInbox>;
}

const readIntercomInput = async (values: InboxValues): Promise<InboxInput> => ({
  kind: 'intercom',
  access_token: await values['access-token'].required(),
  region: values.region,
  base_url: values['base-url'],
  client_id: values['client-id'],
  client_secret: await values['client-secret'].given(),
  contact_role: values['contact-role'],
});

const readIntercomApp = async (values: InboxValues): Promise<ConnectInbox> => ({
  kind: 'intercom',
  client_id: values['client-id'],
  client_secret: await values['client-secret'].given(),
  region: values.region,
  base_url: values['base-url'],
  contact_role: values['contact-role'],
});

const readContactMatching = (values: InboxValues): HubspotInput['contact_matching'] => {
  const property = values['match-property'];
  if (property !== undefined)
    return { property, identifier: values['match-identifier'] ?? 'user_id', create: values['match-create'] };
  if (values['match-create'] || values['match-identifier'] !== undefined)
    throw new UsageError('--match-property is missing.', '--match-property telegram_id --match-identifier user_id');
  return undefined;
};

const requireForHubspot = (values: InboxValues, name: 'client-id' | 'app-id'): string => {
  const value = values[name];
  if (value === undefined)
    throw new UsageError(
      `--${name} is missing; a HubSpot portal needs it.`,
      '--kind hubspot --client-id ID --app-id 1234567',
    );
  return value;
};

const readHubspotSettings = async (values: InboxValues) => ({
  developer_api_key: await values['developer-api-key'].given(),
  channel_id: values['custom-channel'],
  inbox_id: values['inbox-id'],
  base_url: values['base-url'],
  contact_matching: readContactMatching(values),
});

const readHubspotInput = async (values: InboxValues): Promise<InboxInput> => ({
  kind: 'hubspot',
  client_id: requireForHubspot(values, 'client-id'),
  app_id: requireForHubspot(values, 'app-id'),
  client_secret: await values['client-secret'].required(),
  refresh_token: await values['refresh-token'].required(),
  ...(await readHubspotSettings(values)),
});

const readHubspotApp = async (values: InboxValues): Promise<ConnectInbox> => ({
  kind: 'hubspot',
  client_id: values['client-id'],
  client_secret: await values['client-secret'].given(),
  app_id: values['app-id'],
  ...(await readHubspotSettings(values)),
});

export const inboxKinds: Readonly<Record<InboxKind, KindFacts>> = {
  intercom: {
    displayName: 'Intercom',
    account: 'an Intercom workspace',
    agent: 'teammate',
    ownOptions: ['region', 'contact-role', 'access-token'],
    oauthCredential: 'access-token',
    exampleOptions: '--kind intercom --region eu --access-token-file ./access-token',
    webhookSettings: 'in the Developer Hub, in your app, under Webhooks',
    hasTags: true,
    hasInboxes: false,
    sender: { option: 'teammate', field: 'intercom_teammate_id' },
    readInput: readIntercomInput,
    readApp: readIntercomApp,
  },
  hubspot: {
    displayName: 'HubSpot',
    account: 'a HubSpot portal',
    agent: 'user',
    ownOptions: [
      'app-id',
      'inbox-id',
      'custom-channel',
      'match-property',
      'match-identifier',
      'refresh-token',
      'developer-api-key',
      'match-create',
    ],
    oauthCredential: 'refresh-token',
    exampleOptions: '--kind hubspot --client-id ID --app-id 1234567',
    webhookSettings: 'in the settings of your app',
    hasTags: false,
    hasInboxes: true,
    sender: { option: 'hubspot-user', field: 'hubspot_user_id' },
    readInput: readHubspotInput,
    readApp: readHubspotApp,
  },
};

/** Every kind with its name, in the order of the help. */
export const inboxKindEntries = Object.entries(inboxKinds) as unknown as readonly [
  readonly [InboxKind, KindFacts],
  ...(readonly [InboxKind, KindFacts])[],
];

const joinFacts = (pick: (kind: KindFacts) => string | null): string =>
  Object.values(inboxKinds)
    .map(pick)
    .filter((text) => text !== null)
    .join(' or ');

/** `an Intercom workspace or a HubSpot portal` */
export const anyAccount = joinFacts(({ account }) => account);
/** `Intercom teammate or HubSpot user` */
export const anyAgent = joinFacts(({ displayName, agent }) => `${displayName} ${agent}`);
/** The products whose conversations have tags. */
export const kindsWithTags = joinFacts(({ displayName, hasTags }) => (hasTags ? displayName : null));
/** The products whose accounts have inboxes to choose from. */
export const kindsWithInboxes = joinFacts(({ displayName, hasInboxes }) => (hasInboxes ? displayName : null));
