import type { ConnectChoice, InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import { at, listAt, textAt } from '../json-answer.ts';
import { repeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import type { CustomChannel } from './custom-channel.ts';
import { botIdentifier, encodeAccount } from './encode.ts';
import { listInboxes, namesOf } from './portal-inboxes.ts';
import type { HubspotSettings } from './settings.ts';

type Bot = Omit<InboxChannel, 'ref'>;
type Ref = Readonly<Record<string, string>>;

export interface ChannelAccounts {
  /** The bot's account on the channel, made where it is missing. */
  connect(channel: Bot, choice?: ConnectChoice): Promise<InboxOutcome<Ref>>;
  /** The channel with its account, where HubSpot made it only after we were told of the bot. */
  complete(channel: InboxChannel): Promise<InboxOutcome<InboxChannel>>;
}

const reads = { effect: 'reads', about: 'account' } as const;
const writes = { effect: 'writes', about: 'account' } as const;

export function createChannelAccounts(
  client: HubspotClient,
  settings: HubspotSettings,
  customChannel: CustomChannel,
): ChannelAccounts {
  const pathOf = (channelId: string) =>
    `/conversations/custom-channels/${settings.api_version}/${encodeURIComponent(channelId)}`;
  const completed = new Map<string, string>();

  /** The account that carries this bot's identifier; undefined where there is none. */
  const find = async (channelId: string, bot: Bot): Promise<InboxOutcome<unknown>> => {
    const identifier = botIdentifier(bot);
    const query = new URLSearchParams({
      deliveryIdentifierType: identifier.type,
      deliveryIdentifierValue: identifier.value,
    });
    const listed = await client.call('GET', `${pathOf(channelId)}/channel-accounts?${query}`, null, reads);
    if (listed.kind !== 'ok') return listed;
    const account = listAt(listed.value, 'results').find(
      (candidate) =>
        textAt(candidate, 'deliveryIdentifier', 'value') === identifier.value && at(candidate, 'archived') !== true,
    );
    return { kind: 'ok', value: account };
  };

  const chosenInbox = async (choice: ConnectChoice): Promise<InboxOutcome<string>> => {
    const inboxId = choice.inboxId ?? settings.inbox_id;
    if (inboxId !== undefined) return { kind: 'ok', value: inboxId };
    const listed = await listInboxes(client, settings);
    if (listed.kind !== 'ok') return listed;
    const [only, ...others] = listed.value;
    if (only && others.length === 0) return { kind: 'ok', value: only.id };
    return {
      kind: 'rejected',
      detail: `choose one of the portal's inboxes with inbox_id: ${namesOf(listed.value)}`,
    };
  };

  /** An account that is there already is used, and switched on again. */
  const adopt = async (
    channelId: string,
    accountId: string,
    account: unknown,
    { inboxId }: ConnectChoice,
  ): Promise<InboxOutcome<Ref>> => {
    const place = textAt(account, 'inboxId');
    if (inboxId !== undefined && place !== null && place !== inboxId) {
      const detail = `this bot is in the inbox ${place} already, and HubSpot does not move it: leave inbox_id out, or remove the channel from that inbox in HubSpot's inbox settings first`;
      return { kind: 'rejected', detail };
    }
    const ref = { channelId, channelAccountId: accountId };
    if (at(account, 'authorized') === true) return { kind: 'ok', value: ref };
    const path = `${pathOf(channelId)}/channel-accounts/${accountId}`;
    const patched = await client.call('PATCH', path, { authorized: true }, writes);
    return patched.kind === 'ok' ? { kind: 'ok', value: ref } : repeatable(patched);
  };

  /**
   * HubSpot: its settings hand over a token; whoever has it may name the account, once. A 409 says that it was named before,
   * which is no harm where it was for this very bot.
   */
  const finish = async (bot: Bot, begun: NonNullable<ConnectChoice['begun']>): Promise<InboxOutcome<Ref>> => {
    const { channelId = '', accountToken = '' } = begun;
    const path = `${pathOf(channelId)}/channel-account-staging-tokens/${encodeURIComponent(accountToken)}`;
    const named = { accountName: `@${bot.username}`, deliveryIdentifier: botIdentifier(bot) };
    const patched = await client.call('PATCH', path, named, writes);
    const wasNamed = patched.kind === 'rejected' && patched.status === 409;
    if (patched.kind !== 'ok' && !wasNamed) return repeatable(patched);
    const found = await find(channelId, bot);
    if (found.kind !== 'ok') return found;
    const accountId = textAt(found.value, 'id');
    if (accountId !== null) return { kind: 'ok', value: { channelId, channelAccountId: accountId } };
    // HubSpot: the account comes when the browser is back there.
    if (!wasNamed) return { kind: 'ok', value: { channelId } };
    return { kind: 'rejected', detail: 'this link was used before; begin again in the settings of the inbox' };
  };

  return {
    async connect(bot, choice = {}) {
      if (choice.begun !== undefined) return finish(bot, choice.begun);
      const channelId = await customChannel.id();
      if (channelId.kind !== 'ok') return channelId;
      const found = await find(channelId.value, bot);
      if (found.kind !== 'ok') return found;
      const accountId = textAt(found.value, 'id');
      if (accountId !== null) return adopt(channelId.value, accountId, found.value, choice);
      const inboxId = await chosenInbox(choice);
      if (inboxId.kind !== 'ok') return inboxId;
      const path = `${pathOf(channelId.value)}/channel-accounts`;
      const made = await client.call('POST', path, encodeAccount(bot, inboxId.value), writes);
      if (made.kind !== 'ok') return repeatable(made);
      const madeId = textAt(made.value, 'id');
      return madeId === null
        ? { kind: 'rejected', detail: 'HubSpot made the channel account and did not say under which id' }
        : { kind: 'ok', value: { channelId: channelId.value, channelAccountId: madeId } };
    },

    async complete(channel) {
      const { channelId, channelAccountId } = channel.ref;
      if (channelId === undefined || channelAccountId !== undefined) return { kind: 'ok', value: channel };
      let accountId = completed.get(channel.botId) ?? null;
      if (accountId === null) {
        const found = await find(channelId, channel);
        if (found.kind !== 'ok') return found;
        accountId = textAt(found.value, 'id');
      }
      if (accountId === null) {
        const detail = `HubSpot has not made the account of @${channel.username}: finish connecting it in the settings of the inbox`;
        return { kind: 'deferred', retryAfterMs: null, detail };
      }
      completed.set(channel.botId, accountId);
      return { kind: 'ok', value: { ...channel, ref: { channelId, channelAccountId: accountId } } };
    },
  };
}
