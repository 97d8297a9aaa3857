import type { ChannelWords } from '../../core/health/channel-words.ts';
import { alarmsOfWatch, watchWebhook } from '../../core/health/watch-webhook.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { createSlots, type Slots } from '../lanes/slots.ts';
import type { Loop } from '../lanes/supervisor.ts';
import { type FollowBotDeps, followBot } from './follow-bot.ts';

export type GuardStore = FollowBotDeps['store'] &
  StoreSlice<{
    readonly webhookWatches: 'listUnwatchedChannels' | 'read' | 'save';
    readonly leases: 'acquire';
  }>;

export interface GuardDeps {
  readonly store: GuardStore;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly everyMs: number;
  readonly channelWords: ChannelWords;
  /** Where a channel's webhook should be. Empty if the channel polls. */
  readonly ownUrlOf: (record: ChannelRecord) => string;
  /** Called after a round that looked at channels. */
  readonly onLooked: () => void;
}

const leaseMs = 90_000;
const atOnceMax = 4;
/** How many channels are read at a time. */
const batchSize = 200;

/**
 * Checks regularly where Telegram delivers the updates of every channel, polled ones too: a webhook that another system sets
 * ends the polls; and what its bot is called. It only looks. A person must decide to take a bot back, and taking turns with another system helps no one.
 */
export function guardWebhooks(deps: GuardDeps): Loop {
  const { clock, everyMs } = deps;
  const slots = createSlots(atOnceMax);
  return {
    name: 'guard-webhooks',
    async run(signal) {
      while (!signal.aborted) {
        await checkDueWebhooks(deps, slots, signal);
        await clock.sleep(everyMs, signal);
      }
    },
  };
}

async function checkDueWebhooks(deps: GuardDeps, slots: Slots, signal: AbortSignal): Promise<void> {
  const { store, everyMs, onLooked } = deps;
  while (!signal.aborted && (await store.leases.acquire('guard-webhooks', leaseMs))) {
    // Another process may have checked them.
    const due = await store.webhookWatches.listUnwatchedChannels(everyMs / 2, batchSize);
    if (due.length === 0) return;
    await Promise.all(due.map((channelId) => slots.run(() => checkWebhook(deps, channelId, signal))));
    onLooked();
  }
}

async function checkWebhook(deps: GuardDeps, channelId: string, signal: AbortSignal): Promise<void> {
  const { store, health, directory, channelWords, clock, log, ownUrlOf } = deps;
  if (signal.aborted) return;
  const open = await directory.channel(channelId);
  if (open?.record.state !== 'active') return store.webhookWatches.save(channelId, null);
  const status = await open.channel.webhookStatus();
  if (status.kind !== 'ok') {
    if (status.kind === 'refused' && status.broken) await health.markChannelBroken(channelId, status.detail);
    log.debug('webhook.unseen', { channelId, detail: status.detail });
    return store.webhookWatches.save(channelId, null);
  }
  const { workspaceId, updates, hookPath } = open.record;
  const nowMs = clock.nowMs();
  const before = await store.webhookWatches.read(channelId);
  const seen = watchWebhook(before, status.value, { ownUrl: ownUrlOf(open.record), hookPath, nowMs });
  const suspect = alarmsOfWatch({ channelId, workspaceId, updates }, seen, nowMs, channelWords).length > 0;
  await store.webhookWatches.save(channelId, { seen, suspect });
  await lookAtBot(deps, open);
}

async function lookAtBot(deps: GuardDeps, { record, channel }: OpenChannel): Promise<void> {
  const told = await channel.describe();
  if (told.kind !== 'ok' || !(await followBot(deps, record, told.value))) return;
  deps.directory.refresh();
  const { username, name } = told.value;
  deps.log.info('bot.changed', { channelId: record.id, username, name, formerUsername: record.bot.username });
}
