import { setMaxListeners } from 'node:events';
import type { Alarm } from '../../core/health/alarm.ts';
import type { ChannelWords } from '../../core/health/channel-words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';
import { type PollDeps, pollChannel } from './poll-channel.ts';
import { createPollingConflicts } from './polling-conflicts.ts';

export type PollerStore = PollDeps['store'] & StoreSlice<{ readonly channels: 'listPolling' }>;

export interface PollersDeps extends Omit<PollDeps, 'conflicts'> {
  readonly store: PollerStore;
  readonly channelWords: ChannelWords;
  readonly clock: Clock;
  readonly log: EngineLog;
}

export interface Pollers extends Loop {
  /** Looks at once for channels that need a poll. */
  lookAround(): void;
  alarms(): readonly Alarm[];
}

const lookAroundMs = 2_000;

/** Long-polls Telegram for every channel without a webhook. Channels may be added and removed while it runs. */
export function createPollers(deps: PollersDeps): Pollers {
  const { store, clock, log } = deps;
  const conflicts = createPollingConflicts(deps.channelWords);
  const pollDeps: PollDeps = { ...deps, conflicts };
  let nap = new AbortController();

  const startPolls = async (polling: Map<string, Promise<void>>, signal: AbortSignal) => {
    for (const { id, state } of await store.channels.listPolling()) {
      if (polling.has(id) || state !== 'active') continue;
      const work = pollChannel(pollDeps, id, signal)
        .catch((cause: unknown) => log.error('poller.failed', { err: cause, channelId: id }))
        .finally(() => polling.delete(id));
      polling.set(id, work);
    }
  };

  return {
    name: 'pollers',
    lookAround: () => nap.abort(null),
    alarms: conflicts.alarms,
    async run(signal) {
      const polling = new Map<string, Promise<void>>();
      const ended = new AbortController();
      // Every poll in flight listens to it, and there are as many as channels.
      setMaxListeners(0, ended.signal);
      const stop = () => {
        ended.abort();
        nap.abort(null);
      };
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          nap = new AbortController();
          await startPolls(polling, ended.signal);
          if (!signal.aborted) await clock.sleep(lookAroundMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        // If the list could not be read, nothing else ends the polls, and this loop could never start again.
        ended.abort();
        await Promise.all(polling.values());
      }
    },
  };
}
