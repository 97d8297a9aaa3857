import { type Alarm, alarmsOf } from '../../core/health/alarm.ts';
import type { ChannelWords } from '../../core/health/channel-words.ts';
import { alarmsOfWatch } from '../../core/health/watch-webhook.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type AlarmStore = StoreSlice<{
  readonly alarms: 'readFacts' | 'replace' | 'clearOfDeadProcesses';
  readonly webhookWatches: 'listSuspect';
  readonly leases: 'acquire';
}>;

const everyMs = 5_000;
const leaseMs = 30_000;

/**
 * Keeps the list of what needs a person. Every look says what is so now; what is new is raised and what is mended cleared, each
 * logged once, by whichever process saw it first.
 */
export function soundAlarms(deps: {
  readonly store: AlarmStore;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly epoch: number;
  /** What only this process can see. */
  readonly channelWords: ChannelWords;
  readonly ownAlarms: () => readonly Alarm[];
}): Loop & { lookAround(): void } {
  const { store, clock, log, epoch, channelWords, ownAlarms } = deps;
  let nap = new AbortController();

  const settle = async (source: string, alarms: readonly Alarm[]): Promise<void> => {
    const { raised, cleared } = await store.alarms.replace(source, alarms);
    for (const alarm of raised) log.error('alarm.raised', { ...alarm });
    for (const { kind, subject, workspaceId } of cleared) log.info('alarm.cleared', { kind, subject, workspaceId });
  };

  return {
    name: 'alarms',
    lookAround: () => nap.abort(null),
    async run(signal) {
      const stop = () => nap.abort(null);
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          nap = new AbortController();
          await settle(`process:${epoch}`, ownAlarms());
          if (await store.leases.acquire('alarms', leaseMs)) {
            await store.alarms.clearOfDeadProcesses();
            const [facts, suspects] = await Promise.all([store.alarms.readFacts(), store.webhookWatches.listSuspect()]);
            const nowMs = clock.nowMs();
            await settle('store', [
              ...alarmsOf(facts, channelWords),
              ...suspects.flatMap((channel) => alarmsOfWatch(channel, channel.watch, nowMs, channelWords)),
            ]);
          }
          if (!signal.aborted) await clock.sleep(everyMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** A loop of a process that fails again and again. */
export const loopDown = (epoch: number, loop: string): Alarm => ({
  kind: 'loop-down',
  subject: `process ${epoch}: ${loop}`,
  workspaceId: null,
  detail: `The loop “${loop}” of process ${epoch} has failed and is being started again.`,
  remedy: 'Its log says why, under loop.failed. Most often the database does not answer.',
});
