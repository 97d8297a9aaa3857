import type { ConnectInbox, HubspotInput, InboxInput, IntercomInput } from '@chatferry/sdk';
import { choice, flag, secret, text, type ValuesOf } from '../option.ts';
import { UsageError } from '../usage-error.ts';

/** How an inbox is connected; shared by `workspaces create` and `workspaces update`. */
export const inboxOptions = {
  kind: choice(['intercom', 'hubspot'], 'Which inbox.'),
  'base-url': text('URL', 'The API of the inbox, in place of its own address.'),
  'access-token': secret('Intercom: the access token of your app.'),
  region: choice(['us', 'eu', 'au'], 'Intercom: where the workspace is hosted; us when absent.'),
  'contact-role': choice(['lead', 'user'], 'Intercom: what a new contact becomes; lead when absent.'),
  'client-secret': secret('The client secret of your app; HubSpot needs it, Intercom signs its webhooks with it.'),
  'client-id': text(
    'ID',
    'The client id of your app; Intercom needs it only where several workspaces installed the app.',
  ),
  'refresh-token': secret('HubSpot: the refresh token of the installed app.'),
  'app-id': text('ID', 'HubSpot: the id of your app.'),
  'inbox-id': text('ID', 'HubSpot: the inbox that new bots go to; the only one of the portal when absent.'),
  'developer-api-key': secret('HubSpot: the developer API key, which the custom channel is made with.'),
  'custom-channel': text('ID', 'HubSpot: the custom channel; made when absent.'),
  'match-property': text('NAME', 'HubSpot: the contact property that holds the customer’s Telegram identifier.'),
  'match-identifier': choice(['user_id', 'username'], 'HubSpot: what that property holds; user_id when absent.'),
  'match-create': flag('HubSpot: make a contact where none matches.'),
} as const;

type InboxValues = ValuesOf<typeof inboxOptions>;

const onlyIntercom = ['region', 'contact-role'] as const;
const onlyHubspot = ['app-id', 'inbox-id', 'custom-channel', 'match-property', 'match-identifier'] as const;
const secrets = { intercom: ['refresh-token', 'developer-api-key'], hubspot: ['access-token'] } as const;

/** What is only for the other kind would be lost without a word. */
const refuseForeign = async (kind: InboxInput['kind'], values: InboxValues): Promise<void> => {
  const foreign = (kind === 'intercom' ? onlyHubspot : onlyIntercom).find((name) => values[name] !== undefined);
  const [given] = await Promise.all(
    secrets[kind].map(async (name) => ((await values[name].given()) === undefined ? undefined : name)),
  );
  const name = foreign ?? given ?? (kind === 'intercom' && values['match-create'] ? 'match-create' : undefined);
  if (name !== undefined) throw new UsageError(`--${name} does not belong to --kind ${kind}.`);
};

const needed = (values: InboxValues, name: 'client-id' | 'app-id'): string => {
  const value = values[name];
  if (value === undefined)
    throw new UsageError(
      `--${name} is missing; a HubSpot portal needs it.`,
      `--kind hubspot --client-id ID --app-id 1234567`,
    );
  return value;
};

const intercom = async (values: InboxValues): Promise<IntercomInput> => ({
  kind: 'intercom',
  access_token: await values['access-token'].required(),
  region: values.region,
  base_url: values['base-url'],
  client_id: values['client-id'],
  client_secret: await values['client-secret'].given(),
  contact_role: values['contact-role'],
});

const matchingOf = (values: InboxValues): HubspotInput['contact_matching'] => {
  const property = values['match-property'];
  if (property !== undefined)
    return { property, identifier: values['match-identifier'] ?? 'user_id', create: values['match-create'] };
  if (values['match-create'] || values['match-identifier'] !== undefined)
    throw new UsageError('--match-property is missing.', '--match-property telegram_id --match-identifier user_id');
  return undefined;
};

const hubspot = async (values: InboxValues): Promise<HubspotInput> => {
  return {
    kind: 'hubspot',
    client_id: needed(values, 'client-id'),
    app_id: needed(values, 'app-id'),
    inbox_id: values['inbox-id'],
    client_secret: await values['client-secret'].required(),
    refresh_token: await values['refresh-token'].required(),
    developer_api_key: await values['developer-api-key'].given(),
    channel_id: values['custom-channel'],
    base_url: values['base-url'],
    contact_matching: matchingOf(values),
  };
};

/** What is installed by OAuth, as typed: the grant is not asked for, and what is absent comes from the gateway's settings. */
export const readApp = async (values: InboxValues): Promise<ConnectInbox | undefined> => {
  const { kind } = values;
  if (kind === undefined) return undefined;
  await refuseForeign(kind, values);
  for (const name of ['access-token', 'refresh-token'] as const)
    if ((await values[name].given()) !== undefined)
      throw new UsageError(`--${name} is what OAuth brings; leave it out, or use workspaces create.`);
  const app = { client_id: values['client-id'], client_secret: await values['client-secret'].given() };
  const baseUrl = values['base-url'];
  if (kind === 'intercom')
    return { kind, ...app, region: values.region, base_url: baseUrl, contact_role: values['contact-role'] };
  return {
    kind,
    ...app,
    app_id: values['app-id'],
    developer_api_key: await values['developer-api-key'].given(),
    channel_id: values['custom-channel'],
    inbox_id: values['inbox-id'],
    base_url: baseUrl,
    contact_matching: matchingOf(values),
  };
};

/** The inbox as typed, its missing secrets asked for; undefined where none is meant. */
export const readInbox = async (values: InboxValues): Promise<InboxInput | undefined> => {
  const { kind } = values;
  if (kind === undefined) {
    const typed = Object.entries(values).find(
      ([name, value]) => name in inboxOptions && (typeof value === 'string' || value === true),
    );
    if (typed !== undefined)
      throw new UsageError(`--${typed[0]} needs --kind: the settings of an inbox are replaced as a whole.`);
    return undefined;
  }
  await refuseForeign(kind, values);
  return kind === 'intercom' ? intercom(values) : hubspot(values);
};
