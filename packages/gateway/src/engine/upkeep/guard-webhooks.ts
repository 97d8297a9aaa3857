import type { ChannelWords } from '../../core/health/channel-words.ts';
import { alarmsOfWatch, watchWebhook } from '../../core/health/watch-webhook.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory } from '../directory/directory.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { createSlots } from '../lanes/slots.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type GuardStore = StoreSlice<{
  readonly webhookWatches: 'listUnwatchedChannels' | 'read' | 'save';
  readonly leases: 'acquire';
}>;

const leaseMs = 90_000;
const atOnceMax = 4;
/** Channels are read so many at a time. */
const batchSize = 200;

/**
 * Looks regularly where Telegram delivers the updates of every channel, polled ones too: a webhook that another system sets
 * ends the polls. It only looks; taking a bot back is for a person to decide, and taking turns with another system helps nobody.
 */
export function guardWebhooks(deps: {
  readonly store: GuardStore;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly everyMs: number;
  readonly channelWords: ChannelWords;
  /** Where a channel's webhook should be; empty where it polls. */
  readonly ownUrlOf: (record: ChannelRecord) => string;
  /** Something was seen. */
  readonly onLooked: () => void;
}): Loop {
  const { store, health, directory, channelWords, clock, log, everyMs, ownUrlOf, onLooked } = deps;
  const slots = createSlots(atOnceMax);

  async function look(channelId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const open = await directory.channel(channelId);
    if (open?.record.state !== 'active') return store.webhookWatches.save(channelId, null);
    const status = await open.channel.webhookStatus();
    if (status.kind !== 'ok') {
      if (status.kind === 'refused' && status.broken) await health.markChannelBroken(channelId, status.detail);
      log.debug('webhook.unseen', { channelId, detail: status.detail });
      return store.webhookWatches.save(channelId, null);
    }
    const { workspaceId, updates } = open.record;
    const nowMs = clock.nowMs();
    const before = await store.webhookWatches.read(channelId);
    const seen = watchWebhook(before, status.value, { ownUrl: ownUrlOf(open.record), nowMs });
    const suspect = alarmsOfWatch({ channelId, workspaceId, updates }, seen, nowMs, channelWords).length > 0;
    await store.webhookWatches.save(channelId, { seen, suspect });
  }

  return {
    name: 'guard-webhooks',
    async run(signal) {
      while (!signal.aborted) {
        while (!signal.aborted && (await store.leases.acquire('guard-webhooks', leaseMs))) {
          // Another process may have been here.
          const due = await store.webhookWatches.listUnwatchedChannels(everyMs / 2, batchSize);
          if (due.length === 0) break;
          await Promise.all(due.map((channelId) => slots.run(() => look(channelId, signal))));
          onLooked();
        }
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
