import type { InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt, valueAt } from '../json-answer.ts';
import { apis } from './apis.ts';
import { asRepeatable } from './classify.ts';
import type { HubspotClient } from './client.ts';
import { encodeChannel } from './encode.ts';
import type { HubspotSettings } from './settings.ts';

/** HubSpot lists a new channel only after some seconds; registering it again before that would create a second one. */
const visibleAfterMs = 30_000;

export interface CustomChannel {
  /** The id of the channel, which belongs to the app; registered where it is missing. */
  id(): Promise<InboxOutcome<string>>;
}

/**
 * The channel of this deployment: the one named in the settings, else the app's own with our webhook's address. `setupUrl` is
 * where HubSpot sends admins who connect it in the settings of an inbox; a channel that sends them elsewhere is changed.
 */
export function createCustomChannel(
  client: HubspotClient,
  settings: HubspotSettings,
  setupUrl: string | null,
): CustomChannel {
  const channels = apis.customChannels.path;
  let registeredId: string | null = settings.channel_id ?? null;
  const writes = { effect: 'writes', about: 'account' } as const;

  const remember = (id: string): InboxOutcome<string> => {
    registeredId = id;
    return { kind: 'ok', value: id };
  };

  const adopt = async (known: unknown, id: string): Promise<InboxOutcome<string>> => {
    if (setupUrl === null || textAt(known, 'channelAccountConnectionRedirectUrl') === setupUrl) return remember(id);
    const change = { channelAccountConnectionRedirectUrl: setupUrl };
    const patched = await client.callAsDeveloper('PATCH', `${channels}/${id}`, change, writes);
    return patched.kind === 'ok' ? remember(id) : asRepeatable(patched);
  };

  return {
    async id() {
      if (registeredId !== null) return { kind: 'ok', value: registeredId };
      if (settings.webhook_url === undefined) {
        const detail = 'HubSpot is to call this gateway, which has no public address, and no `channel_id` is set';
        return { kind: 'rejected', detail };
      }
      const listed = await client.callAsDeveloper('GET', channels, null, { effect: 'reads', about: 'account' });
      if (listed.kind !== 'ok') return listed;
      const known = listAt(listed.value, 'results').find(
        (channel) => textAt(channel, 'webhookUrl') === settings.webhook_url && valueAt(channel, 'archived') !== true,
      );
      const knownId = textAt(known, 'id');
      if (knownId !== null) return adopt(known, knownId);
      const made = await client.callAsDeveloper('POST', channels, encodeChannel(settings, setupUrl), writes);
      if (made.kind !== 'ok') return asRepeatable(made, visibleAfterMs);
      const madeId = textAt(made.value, 'id');
      return madeId === null
        ? { kind: 'rejected', detail: 'HubSpot registered the channel and did not return its id' }
        : remember(madeId);
    },
  };
}
