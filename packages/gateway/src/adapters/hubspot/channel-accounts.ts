import type { InboxChannel, InboxOutcome } from '../../ports/inbox.ts';
import { at, listAt, textAt } from '../json-answer.ts';
import { repeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import { botIdentifier, encodeAccount, encodeChannel } from './encode.ts';
import type { HubspotSettings } from './settings.ts';

/** HubSpot lists a new channel only after some seconds; registering it again before that would make a second one. */
const visibleAfterMs = 30_000;

export interface ChannelAccounts {
  /** The channel and the bot's account on it, registered where they are missing. */
  connect(channel: Omit<InboxChannel, 'ref'>): Promise<InboxOutcome<Readonly<Record<string, string>>>>;
}

export function createChannelAccounts(client: HubspotClient, settings: HubspotSettings): ChannelAccounts {
  const channels = `/conversations/custom-channels/${settings.api_version}`;
  let registeredId: string | null = settings.channel_id ?? null;

  const channelId = async (): Promise<InboxOutcome<string>> => {
    if (registeredId !== null) return { kind: 'ok', value: registeredId };
    if (settings.webhook_url === undefined) {
      const detail = 'HubSpot is to call this gateway, which has no public address, and no `channel_id` is set';
      return { kind: 'rejected', detail };
    }
    const listed = await client.callAsDeveloper('GET', channels, null, { effect: 'reads', about: 'account' });
    if (listed.kind !== 'ok') return listed;
    const known = listAt(listed.value, 'results').find(
      (channel) => textAt(channel, 'webhookUrl') === settings.webhook_url && at(channel, 'archived') !== true,
    );
    const knownId = textAt(known, 'id');
    if (knownId !== null) return remember(knownId);
    const asked = { effect: 'writes', about: 'account' } as const;
    const made = await client.callAsDeveloper('POST', channels, encodeChannel(settings), asked);
    if (made.kind !== 'ok') return repeatable(made, visibleAfterMs);
    const madeId = textAt(made.value, 'id');
    return madeId === null
      ? { kind: 'rejected', detail: 'HubSpot registered the channel and did not say under which id' }
      : remember(madeId);
  };

  const remember = (id: string): InboxOutcome<string> => {
    registeredId = id;
    return { kind: 'ok', value: id };
  };

  const inboxId = async (): Promise<InboxOutcome<string>> => {
    if (settings.inbox_id !== undefined) return { kind: 'ok', value: settings.inbox_id };
    const path = `/conversations/conversations/${settings.api_version}/inboxes`;
    const listed = await client.call('GET', path, null, { effect: 'reads', about: 'account' });
    if (listed.kind !== 'ok') return listed;
    const inboxes = listAt(listed.value, 'results').filter((inbox) => at(inbox, 'archived') !== true);
    const only = textAt(inboxes[0], 'id');
    if (inboxes.length === 1 && only !== null) return { kind: 'ok', value: only };
    const choice = inboxes.map((inbox) => `${textAt(inbox, 'id')} (${textAt(inbox, 'name')})`).join(', ');
    return {
      kind: 'rejected',
      detail: `set \`inbox_id\` to one of the portal's inboxes: ${choice || 'there is none'}`,
    };
  };

  return {
    async connect(channel) {
      const onChannel = await channelId();
      if (onChannel.kind !== 'ok') return onChannel;
      const accounts = `${channels}/${onChannel.value}/channel-accounts`;
      const identifier = botIdentifier(channel);
      const query = new URLSearchParams({
        deliveryIdentifierType: identifier.type,
        deliveryIdentifierValue: identifier.value,
      });
      const listed = await client.call('GET', `${accounts}?${query}`, null, { effect: 'reads', about: 'account' });
      if (listed.kind !== 'ok') return listed;
      const account = listAt(listed.value, 'results').find(
        (candidate) =>
          textAt(candidate, 'deliveryIdentifier', 'value') === identifier.value && at(candidate, 'archived') !== true,
      );
      const writes = { effect: 'writes', about: 'account' } as const;
      const accountId = textAt(account, 'id');
      if (accountId !== null) {
        const ref = { channelId: onChannel.value, channelAccountId: accountId };
        if (at(account, 'authorized') === true) return { kind: 'ok', value: ref };
        const patched = await client.call('PATCH', `${accounts}/${accountId}`, { authorized: true }, writes);
        return patched.kind === 'ok' ? { kind: 'ok', value: ref } : repeatable(patched);
      }
      const inInbox = await inboxId();
      if (inInbox.kind !== 'ok') return inInbox;
      const made = await client.call('POST', accounts, encodeAccount(channel, inInbox.value), writes);
      if (made.kind !== 'ok') return repeatable(made);
      const madeId = textAt(made.value, 'id');
      return madeId === null
        ? { kind: 'rejected', detail: 'HubSpot made the channel account and did not say under which id' }
        : { kind: 'ok', value: { channelId: onChannel.value, channelAccountId: madeId } };
    },
  };
}
