import type { ChannelCheck, Input } from '@chatferry/contract';
import { isFight } from '../../core/health/watch-webhook.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import { type ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { checkRecord } from './check-channel.ts';
import { directUpdates } from './direct-updates.ts';
import { findChannel } from './find-channel.ts';
import { unsealWebhookSecret } from './seal-channel.ts';

/** Takes a bot's updates back from another system, and checks the channel. */
export async function repairChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params, body }: Input<'repairChannel'>,
): Promise<ChannelCheck> {
  const record = await findChannel(deps, params.channel_id);
  const watch = await deps.store.webhookWatches.read(record.id);
  if (watch !== null && isFight(watch) && !body.force) throw refuseFight(watch.takenAtMs.length, deps.channelKind);
  const secret = unsealWebhookSecret(deps.vault, record);
  await directUpdates(deps.publicUrl, deps.channelKind, deps.openRecord(record), { ...record, secret });
  // The watch must see the webhook as ours, so that it counts when another system takes it again.
  if (watch !== null) {
    await deps.store.webhookWatches.save(record.id, {
      seen: { ...watch, finding: 'ours', host: null },
      suspect: false,
    });
  }
  deps.onChange();
  return checkRecord(deps, record);
}

const refuseFight = (times: number, { tokenIssuer }: ChannelKind): ApiError =>
  invalidValue(
    '/force',
    `Another system has taken the updates of this bot ${times} times within a day, and would take them again. Stop that system, or revoke the bot token in ${tokenIssuer} and set the new one. To repair the channel anyway, set force to true.`,
  );
