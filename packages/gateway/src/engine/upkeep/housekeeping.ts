import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LeaseClock } from '../lanes/lease-clock.ts';
import type { Loop } from '../lanes/supervisor.ts';
import { createWatchProcesses } from './watch-processes.ts';

export type HousekeepingStore = StoreSlice<{
  readonly processes: 'recordSignOfLife' | 'listSignsOfLife' | 'removeDead';
  readonly flights: 'recover';
  readonly retention: 'ensurePartitions' | 'apply';
}>;

const retentionMs = 3_600_000;

/** Says that this process lives, and judges what dead ones left in flight and what it has lost itself. */
export function signsOfLife(deps: {
  readonly store: HousekeepingStore;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly epoch: number;
  readonly everyMs: number;
  /** Flights of this process that nobody in it holds. */
  readonly findLostFlights: () => Promise<readonly number[]>;
  /** Brings in the results that wait on disk: what has one is not judged. */
  readonly replayResults: () => Promise<void>;
  readonly leases: Pick<LeaseClock, 'gaveSign'>;
}): Loop {
  const { store, clock, log, epoch, everyMs, findLostFlights, replayResults, leases } = deps;
  const watch = createWatchProcesses();

  async function judge(): Promise<void> {
    const askedAtMs = clock.monotonicMs();
    await store.processes.recordSignOfLife();
    leases.gaveSign(askedAtMs);
    await replayResults();
    const silent = watch.look(await store.processes.listSignsOfLife(), clock.monotonicMs());
    const others = silent.filter((sign) => sign.epoch !== epoch);
    const dead = others.length === 0 ? [] : await store.processes.removeDead(others);
    if (dead.length > 0) log.warn('processes.buried', { epochs: dead });
    const recovered = await store.flights.recover({ epoch, messageIds: await findLostFlights() });
    if (recovered.unknown + recovered.abandoned > 0) log.warn('flights.recovered', { ...recovered });
  }

  return {
    name: 'signs-of-life',
    async run(signal) {
      while (!signal.aborted) {
        try {
          await judge();
        } catch (err) {
          // Not left to the supervisor, whose waits grow: the others would take a long wait for death.
          watch.lookedInVain();
          log.warn('sign_of_life.failed', { err });
        }
        await clock.sleep(everyMs, signal);
      }
    },
  };
}

/** Makes partitions ahead and drops what is past its retention, once an hour. */
export function retentionLoop(deps: { readonly store: HousekeepingStore; readonly clock: Clock }): Loop {
  const { store, clock } = deps;
  return {
    name: 'retention',
    async run(signal) {
      while (!signal.aborted) {
        await store.retention.ensurePartitions();
        await store.retention.apply();
        await clock.sleep(retentionMs, signal);
      }
    },
  };
}
