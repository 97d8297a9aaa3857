import type { ConnectChoice, InboxBot, InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import { asRepeatable } from './classify.ts';
import type { CustomChannel } from './custom-channel.ts';
import { botIdentifier, encodeAccount } from './encode.ts';
import { channelPath, type Portal } from './portal.ts';
import { listInboxes, namesOf } from './portal-inboxes.ts';

type Ref = InboxChannel['ref'];
type Begun = NonNullable<ConnectChoice['begun']>;

export interface ChannelAccounts {
  /** The bot's account on the channel, created where it is missing. */
  connect(bot: InboxBot, choice?: ConnectChoice): Promise<InboxOutcome<Ref>>;
  /** The channel with its account, where HubSpot created the account only after we named the bot. */
  complete(channel: InboxChannel): Promise<InboxOutcome<InboxChannel>>;
}

const reads = { effect: 'reads', about: 'account' } as const;
const writes = { effect: 'writes', about: 'account' } as const;

export function createChannelAccounts(portal: Portal, customChannel: CustomChannel): ChannelAccounts {
  const completed = new Map<string, string>();
  return {
    connect: (bot, choice = {}) =>
      choice.begun === undefined
        ? connectAccount(portal, customChannel, bot, choice)
        : nameBegunAccount(portal, bot, choice.begun),

    async complete(channel) {
      const { channelId, channelAccountId } = channel.ref;
      if (channelId === undefined || channelAccountId !== undefined) return { kind: 'ok', value: channel };
      const known = completed.get(channel.botId);
      const found = known === undefined ? await findAccountId(portal, channelId, channel) : ok(known);
      if (found.kind !== 'ok') return found;
      if (found.value === null) {
        const detail = `HubSpot has not made the account of @${channel.username}: finish connecting it in the settings of the inbox`;
        return { kind: 'deferred', retryAfterMs: null, detail };
      }
      completed.set(channel.botId, found.value);
      return ok({ ...channel, ref: { channelId, channelAccountId: found.value } });
    },
  };
}

const ok = <T>(value: T): InboxOutcome<T> => ({ kind: 'ok', value });

async function connectAccount(
  portal: Portal,
  customChannel: CustomChannel,
  bot: InboxBot,
  choice: ConnectChoice,
): Promise<InboxOutcome<Ref>> {
  const channelId = await customChannel.id();
  if (channelId.kind !== 'ok') return channelId;
  const found = await findAccount(portal, channelId.value, bot);
  if (found.kind !== 'ok') return found;
  const accountId = textAt(found.value, 'id');
  if (accountId !== null) return useAccount(portal, { channelId: channelId.value, accountId }, found.value, choice);
  const inboxId = await chooseInbox(portal, choice);
  if (inboxId.kind !== 'ok') return inboxId;
  const path = `${channelPath(channelId.value)}/channel-accounts`;
  const created = await portal.client.call('POST', path, encodeAccount(bot, inboxId.value), writes);
  if (created.kind !== 'ok') return asRepeatable(created);
  const createdId = textAt(created.value, 'id');
  return createdId === null
    ? { kind: 'rejected', detail: 'HubSpot created the channel account and did not return its id' }
    : ok({ channelId: channelId.value, channelAccountId: createdId });
}

/** The account that carries this bot's identifier; undefined if there is none. */
async function findAccount(portal: Portal, channelId: string, bot: InboxBot): Promise<InboxOutcome<unknown>> {
  const identifier = botIdentifier(bot);
  const query = new URLSearchParams({
    deliveryIdentifierType: identifier.type,
    deliveryIdentifierValue: identifier.value,
  });
  const path = `${channelPath(channelId)}/channel-accounts?${query}`;
  const listed = await portal.client.call('GET', path, null, reads);
  if (listed.kind !== 'ok') return listed;
  const account = listAt(listed.value, 'results').find(
    (candidate) =>
      textAt(candidate, 'deliveryIdentifier', 'value') === identifier.value && valueAt(candidate, 'archived') !== true,
  );
  return ok(account);
}

async function findAccountId(portal: Portal, channelId: string, bot: InboxBot): Promise<InboxOutcome<string | null>> {
  const found = await findAccount(portal, channelId, bot);
  return found.kind === 'ok' ? ok(textAt(found.value, 'id')) : found;
}

async function chooseInbox({ client, settings }: Portal, choice: ConnectChoice): Promise<InboxOutcome<string>> {
  const inboxId = choice.inboxId ?? settings.inbox_id;
  if (inboxId !== undefined) return ok(inboxId);
  const listed = await listInboxes(client);
  if (listed.kind !== 'ok') return listed;
  const [only, ...others] = listed.value;
  if (only && others.length === 0) return ok(only.id);
  const detail = `choose one of the portal's inboxes with inbox_id: ${namesOf(listed.value)}`;
  return { kind: 'rejected', detail };
}

/** Uses the account that exists, and switches it on again where it is off. */
async function useAccount(
  portal: Portal,
  { channelId, accountId }: { readonly channelId: string; readonly accountId: string },
  account: unknown,
  { inboxId }: ConnectChoice,
): Promise<InboxOutcome<Ref>> {
  const currentId = textAt(account, 'inboxId');
  if (inboxId !== undefined && currentId !== null && currentId !== inboxId) {
    const detail = `this bot is in the inbox ${currentId} already, and HubSpot does not move it: leave inbox_id out, or remove the channel from that inbox in HubSpot's inbox settings first`;
    return { kind: 'rejected', detail };
  }
  const ref = { channelId, channelAccountId: accountId };
  if (valueAt(account, 'authorized') === true) return ok(ref);
  const path = `${channelPath(channelId)}/channel-accounts/${accountId}`;
  const patched = await portal.client.call('PATCH', path, { authorized: true }, writes);
  return patched.kind === 'ok' ? ok(ref) : asRepeatable(patched);
}

/**
 * HubSpot: its settings hand over a token, with which the account can be named once. A 409 says that it was named before, which is
 * no error when it was named for this bot.
 */
async function nameBegunAccount(portal: Portal, bot: InboxBot, begun: Begun): Promise<InboxOutcome<Ref>> {
  const { channelId = '', accountToken = '' } = begun;
  const path = `${channelPath(channelId)}/channel-account-staging-tokens/${encodeURIComponent(accountToken)}`;
  const named = { accountName: `@${bot.username}`, deliveryIdentifier: botIdentifier(bot) };
  const patched = await portal.client.call('PATCH', path, named, writes);
  const wasNamed = patched.kind === 'rejected' && patched.status === 409;
  if (patched.kind !== 'ok' && !wasNamed) return asRepeatable(patched);
  const found = await findAccountId(portal, channelId, bot);
  if (found.kind !== 'ok') return found;
  if (found.value !== null) return ok({ channelId, channelAccountId: found.value });
  // HubSpot creates the account when the browser is back there.
  if (!wasNamed) return ok({ channelId });
  return { kind: 'rejected', detail: 'this link was used before; begin again in the settings of the inbox' };
}
