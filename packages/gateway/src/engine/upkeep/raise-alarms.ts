import { type Alarm, alarmsOf } from '../../core/health/alarm.ts';
import type { ChannelWords } from '../../core/health/channel-words.ts';
import { alarmsOfWatch } from '../../core/health/watch-webhook.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import { repeatOrWake, type WakeableLoop } from './repeat-or-wake.ts';

export type AlarmStore = StoreSlice<{
  readonly alarms: 'readFacts' | 'replace' | 'clearOfDeadProcesses';
  readonly webhookWatches: 'listSuspect';
  readonly leases: 'acquire';
}>;

export interface AlarmDeps {
  readonly store: AlarmStore;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly epoch: number;
  readonly channelWords: ChannelWords;
  /** The alarms that only this process can see. */
  readonly ownAlarms: () => readonly Alarm[];
}

const everyMs = 5_000;
const leaseMs = 30_000;

/**
 * Maintains the list of what needs a person. Each round finds the alarms of now: new ones are raised and gone ones are
 * cleared, each logged once, by the process that saw it first.
 */
export function raiseAlarms(deps: AlarmDeps): WakeableLoop {
  return repeatOrWake(deps.clock, { name: 'alarms', everyMs }, () => updateAlarms(deps));
}

async function updateAlarms(deps: AlarmDeps): Promise<void> {
  const { store, clock, epoch, channelWords, ownAlarms } = deps;
  await replaceAlarms(deps, `process:${epoch}`, ownAlarms());
  if (!(await store.leases.acquire('alarms', leaseMs))) return;
  await store.alarms.clearOfDeadProcesses();
  const [facts, suspects] = await Promise.all([store.alarms.readFacts(), store.webhookWatches.listSuspect()]);
  const nowMs = clock.nowMs();
  await replaceAlarms(deps, 'store', [
    ...alarmsOf(facts, channelWords),
    ...suspects.flatMap((channel) => alarmsOfWatch(channel, channel.watch, nowMs, channelWords)),
  ]);
}

/** Stores the alarms of one source, and logs the difference to its alarms of before. */
async function replaceAlarms({ store, log }: AlarmDeps, source: string, alarms: readonly Alarm[]): Promise<void> {
  const { raised, cleared } = await store.alarms.replace(source, alarms);
  for (const alarm of raised) log.error('alarm.raised', { ...alarm });
  for (const { kind, subject, workspaceId } of cleared) log.info('alarm.cleared', { kind, subject, workspaceId });
}

/** The alarm for a loop of a process that fails again and again. */
export const loopDown = (epoch: number, loop: string): Alarm => ({
  kind: 'loop-down',
  subject: `process ${epoch}: ${loop}`,
  workspaceId: null,
  detail: `The loop “${loop}” of process ${epoch} has failed and is being started again.`,
  remedy: 'Its log says why, under loop.failed. Most often the database does not answer.',
});
