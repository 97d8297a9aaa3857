import type { Clock } from '../ports/clock.ts';
import type { Recovered } from '../store/flights.ts';
import type { EngineLog } from './log.ts';
import type { Loop } from './supervisor.ts';

export interface HousekeepingStore {
  giveSignOfLife(epoch: number): Promise<void>;
  recoverFlights(lost: { readonly epoch: number; readonly messageIds: readonly number[] }): Promise<Recovered>;
  ensurePartitions(): Promise<void>;
  applyRetention(): Promise<void>;
}

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
}): Loop {
  const { store, clock, log, epoch, everyMs, findLostFlights, replayResults } = deps;
  return {
    name: 'signs-of-life',
    async run(signal) {
      while (!signal.aborted) {
        await store.giveSignOfLife(epoch);
        await replayResults();
        const recovered = await store.recoverFlights({ epoch, messageIds: await findLostFlights() });
        if (recovered.unknown + recovered.abandoned > 0) log.warn('flights.recovered', { ...recovered });
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
        await store.ensurePartitions();
        await store.applyRetention();
        await clock.sleep(retentionMs, signal);
      }
    },
  };
}
