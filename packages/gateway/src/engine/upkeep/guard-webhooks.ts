import type { ChannelWords } from '../../core/health/channel-words.ts';
import { alarmsOfWatch, type WebhookWatch, watchWebhook } from '../../core/health/watch-webhook.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { Directory } from '../directory/directory.ts';
import { createSlots } from '../lanes/slots.ts';
import type { Loop } from '../lanes/supervisor.ts';

export interface GuardStore {
  /** Active channels that were not looked at for so long. */
  listUnwatchedChannels(forMs: number, limit: number): Promise<readonly string[]>;
  readWebhookWatch(channelId: string): Promise<WebhookWatch | null>;
  saveWebhookWatch(
    channelId: string,
    look: { readonly seen: WebhookWatch; readonly suspect: boolean } | null,
  ): Promise<void>;
  markChannelBroken(channelId: string, problem: string): Promise<void>;
  holdLease(name: string, leaseMs: number): Promise<boolean>;
}

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
  const { store, directory, channelWords, clock, log, everyMs, ownUrlOf, onLooked } = deps;
  const slots = createSlots(atOnceMax);

  async function look(channelId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const open = await directory.channel(channelId);
    if (open?.record.state !== 'active') return store.saveWebhookWatch(channelId, null);
    const status = await open.channel.webhookStatus();
    if (status.kind !== 'ok') {
      if (status.kind === 'refused' && status.broken) await store.markChannelBroken(channelId, status.detail);
      log.debug('webhook.unseen', { channelId, detail: status.detail });
      return store.saveWebhookWatch(channelId, null);
    }
    const { workspaceId, updates } = open.record;
    const nowMs = clock.nowMs();
    const before = await store.readWebhookWatch(channelId);
    const seen = watchWebhook(before, status.value, { ownUrl: ownUrlOf(open.record), nowMs });
    const suspect = alarmsOfWatch({ channelId, workspaceId, updates }, seen, nowMs, channelWords).length > 0;
    await store.saveWebhookWatch(channelId, { seen, suspect });
  }

  return {
    name: 'guard-webhooks',
    async run(signal) {
      while (!signal.aborted) {
        while (!signal.aborted && (await store.holdLease('guard-webhooks', leaseMs))) {
          // Another process may have been here.
          const due = await store.listUnwatchedChannels(everyMs / 2, batchSize);
          if (due.length === 0) break;
          await Promise.all(due.map((channelId) => slots.run(() => look(channelId, signal))));
          onLooked();
        }
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
