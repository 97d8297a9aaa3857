import { setMaxListeners } from 'node:events';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRecord } from '../store/channels.ts';
import type { Directory, OpenChannel } from './directory.ts';
import type { EngineLog } from './log.ts';
import type { Loop } from './supervisor.ts';

export interface PollerStore {
  listPollingChannels(): Promise<readonly ChannelRecord[]>;
  /** One process polls a bot: Telegram ends the older of two polls with 409. */
  holdLease(name: string, leaseMs: number): Promise<boolean>;
  releaseLease(name: string): Promise<void>;
  readPollOffset(channelId: string): Promise<string | null>;
  savePollOffset(channelId: string, offset: string): Promise<void>;
  markChannelBroken(channelId: string, problem: string): Promise<void>;
}

/** Resolves when the updates are durable. */
export type TakeIn = (open: OpenChannel, updates: readonly Buffer[]) => Promise<void>;

const lookAroundMs = 2_000;
const leaseMs = 90_000;
const retryMs = 3_000;

/** Long-polls Telegram for every channel that has no webhook; channels may come and go while it runs. */
export function pollers(deps: {
  readonly store: PollerStore;
  readonly directory: Directory;
  readonly takeIn: TakeIn;
  readonly clock: Clock;
  readonly log: EngineLog;
}): Loop & { lookAround(): void } {
  const { store, directory, takeIn, clock, log } = deps;
  let nap = new AbortController();

  async function poll(channelId: string, signal: AbortSignal): Promise<void> {
    const lease = `poll:${channelId}`;
    while (!signal.aborted && (await store.holdLease(lease, leaseMs))) {
      const open = await directory.channel(channelId);
      if (open?.record.updates !== 'polling' || open.record.state !== 'active') break;
      const polled = await open.channel.poll(await store.readPollOffset(channelId), signal);
      if (polled.kind === 'ok') {
        await takeIn(
          open,
          polled.value.updates.map((update) => update.raw),
        );
        if (polled.value.nextOffset !== null) await store.savePollOffset(channelId, polled.value.nextOffset);
      } else if (polled.kind === 'refused' && polled.broken) {
        await store.markChannelBroken(channelId, polled.detail);
        break;
      } else if (!signal.aborted) {
        log.warn('poll.failed', { channelId, detail: polled.detail });
        await clock.sleep(polled.kind === 'unavailable' ? (polled.retryAfterMs ?? retryMs) : retryMs, signal);
      }
    }
    await store.releaseLease(lease);
  }

  return {
    name: 'pollers',
    lookAround: () => nap.abort(null),
    async run(signal) {
      const polling = new Map<string, Promise<void>>();
      const ended = new AbortController();
      // Every poll in flight listens to it: as many as there are channels.
      setMaxListeners(0, ended.signal);
      const stop = () => {
        ended.abort();
        nap.abort(null);
      };
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          nap = new AbortController();
          for (const record of await store.listPollingChannels()) {
            if (polling.has(record.id) || record.state !== 'active') continue;
            const work = poll(record.id, ended.signal)
              .catch((cause: unknown) => log.error('poller.failed', { err: cause, channelId: record.id }))
              .finally(() => polling.delete(record.id));
            polling.set(record.id, work);
          }
          if (!signal.aborted) await clock.sleep(lookAroundMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        // Where the list could not be read, nobody else ends the polls, and this loop could never start again.
        ended.abort();
        await Promise.all(polling.values());
      }
    },
  };
}
