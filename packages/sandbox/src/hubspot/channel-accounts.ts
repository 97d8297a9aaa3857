import { type Fields, isFields } from '../inbox-server/fields.ts';
import { requestedChannel } from './channels.ts';
import type { Environment } from './environment.ts';
import { object, optionalFlag, optionalText, requireAll, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import type { Channel, ChannelAccount, DeliveryIdentifier, Portal } from './portal.ts';
import { conflict, invalid, notFound } from './refusal.ts';
import { isoTime } from './time.ts';
import { withoutNulls } from './without-nulls.ts';

const basePath = '/conversations/custom-channels/{version}/{channelId}';

/** Reads an identifier, whose type must be one of the channel's. */
export function identifierIn(channel: Channel, fields: Fields): DeliveryIdentifier {
  requireAll(fields, ['type', 'value']);
  const type = text(fields, 'type');
  const value = text(fields, 'value');
  const known = channel.capabilities['deliveryIdentifierTypes'];
  if (!Array.isArray(known) || !known.includes(type)) {
    throw invalid(`Delivery identifier type '${type}' is not one of the channel's deliveryIdentifierTypes`);
  }
  if (value === '') throw invalid('A delivery identifier needs a value');
  return { type, value };
}

export function requestedAccount(call: Call, id: string): ChannelAccount {
  const account = call.portal.accounts.get(id);
  if (!account || account.channelId !== call.params['channelId']) throw notFound('Channel account');
  return account;
}

function accountShape(account: ChannelAccount) {
  return withoutNulls({
    id: account.id,
    channelId: account.channelId,
    inboxId: account.inboxId,
    name: account.name,
    active: account.authorized,
    authorized: account.authorized,
    archived: false,
    createdAt: isoTime(account.createdAtMs),
    deliveryIdentifier: account.deliveryIdentifier,
  });
}

/** HubSpot: account events contain the account and whether it is authorized. */
function announceAccount(
  environment: Environment,
  portal: Portal,
  channel: Channel,
  account: ChannelAccount,
  type: string,
) {
  environment.context.feed.publish(
    'hubspot',
    type === 'CHANNEL_ACCOUNT_CREATED' ? 'account.created' : 'account.updated',
    {
      portalId: portal.id,
      channelId: channel.id,
      channelAccountId: account.id,
    },
  );
  const fields = withoutNulls({
    channelAccountId: account.id,
    channelAccountDeliveryIdentifier: account.deliveryIdentifier,
    authorized: account.authorized,
  });
  void environment.webhooks.deliver(portal, channel, type, fields);
}

export function addAccount(
  environment: Environment,
  portal: Portal,
  channel: Channel,
  given: Pick<ChannelAccount, 'inboxId' | 'name' | 'authorized' | 'deliveryIdentifier'>,
): ChannelAccount {
  if (!portal.inboxes.some((inbox) => inbox.id === given.inboxId)) throw invalid(`There is no inbox ${given.inboxId}`);
  const account: ChannelAccount = {
    ...given,
    id: environment.ids.next('account'),
    channelId: channel.id,
    createdAtMs: environment.context.clock.nowMs(),
  };
  portal.accounts.set(account.id, account);
  announceAccount(environment, portal, channel, account, 'CHANNEL_ACCOUNT_CREATED');
  return account;
}

function createAccount(environment: Environment, call: Call) {
  const channel = requestedChannel(call);
  requireAll(call.body, ['authorized', 'inboxId', 'name']);
  const given = {
    authorized: optionalFlag(call.body, 'authorized') ?? false,
    inboxId: text(call.body, 'inboxId'),
    name: text(call.body, 'name'),
    deliveryIdentifier: isFields(call.body['deliveryIdentifier'])
      ? identifierIn(channel, call.body['deliveryIdentifier'])
      : null,
  };
  return accountShape(addAccount(environment, call.portal, channel, given));
}

function listAccounts(call: Call) {
  const channel = requestedChannel(call);
  const { deliveryIdentifierType: type, deliveryIdentifierValue: value } = call.query;
  const results = [...call.portal.accounts.values()].filter(
    (account) =>
      account.channelId === channel.id &&
      (type === undefined || account.deliveryIdentifier?.type === type) &&
      (value === undefined || account.deliveryIdentifier?.value === value),
  );
  return { total: results.length, results: results.map(accountShape) };
}

function updateAccount(environment: Environment, call: Call) {
  const channel = requestedChannel(call);
  const account = requestedAccount(call, call.params['channelAccountId'] ?? '');
  account.authorized = optionalFlag(call.body, 'authorized') ?? account.authorized;
  account.name = optionalText(call.body, 'name') ?? account.name;
  announceAccount(environment, call.portal, channel, account, 'CHANNEL_ACCOUNT_UPDATED');
  return accountShape(account);
}

/** Completes a connection that an admin began in HubSpot. HubSpot: the answer is 409 if the token was used before. */
function redeemStagingToken(environment: Environment, call: Call) {
  const channel = requestedChannel(call);
  const staging = call.portal.stagingTokens.get(call.params['accountToken'] ?? '');
  if (!staging || staging.channelId !== channel.id) throw notFound('Channel account staging token');
  const accountName = text(call.body, 'accountName');
  const deliveryIdentifier = identifierIn(channel, object(call.body, 'deliveryIdentifier'));
  if (staging.used) throw conflict('The channel account is already connected');
  staging.used = true;
  if (call.portal.options.stagedAccount === 'on-return') staging.prepared = { name: accountName, deliveryIdentifier };
  else {
    const { inboxId } = staging;
    addAccount(environment, call.portal, channel, { inboxId, name: accountName, authorized: true, deliveryIdentifier });
  }
  return {
    accountToken: staging.token,
    accountName,
    genericChannelId: Number(channel.id),
    inboxId: Number(staging.inboxId),
    userId: Number(staging.userId),
    createdAt: isoTime(staging.createdAtMs),
  };
}

export function channelAccountOperations(environment: Environment): readonly Operation[] {
  return [
    { name: `POST ${basePath}/channel-accounts`, status: 201, handle: (call) => createAccount(environment, call) },
    { name: `GET ${basePath}/channel-accounts`, handle: listAccounts },
    {
      name: `GET ${basePath}/channel-accounts/{channelAccountId}`,
      handle: (call) => accountShape(requestedAccount(call, call.params['channelAccountId'] ?? '')),
    },
    {
      name: `PATCH ${basePath}/channel-accounts/{channelAccountId}`,
      handle: (call) => updateAccount(environment, call),
    },
    {
      name: `PATCH ${basePath}/channel-account-staging-tokens/{accountToken}`,
      handle: (call) => redeemStagingToken(environment, call),
    },
  ];
}
