import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LeaseClock } from '../lanes/lease-clock.ts';
import type { Loop } from '../lanes/supervisor.ts';
import { createWatchProcesses, type WatchProcesses } from './watch-processes.ts';

export type SignsOfLifeStore = StoreSlice<{
  readonly processes: 'recordSignOfLife' | 'listSignsOfLife' | 'removeDead';
  readonly flights: 'recover';
}>;

export interface SignsOfLifeDeps {
  readonly store: SignsOfLifeStore;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly epoch: number;
  readonly everyMs: number;
  /** Finds flights that this process owns, and that none of its deliveries works on. */
  readonly findLostFlights: () => Promise<readonly number[]>;
  /** Stores the results that wait on disk. A flight with a result is not judged. */
  readonly replayResults: () => Promise<void>;
  readonly leases: Pick<LeaseClock, 'recordSign'>;
}

/** Reports that this process lives, and judges the flights of dead processes and those that this process lost. */
export function signsOfLife(deps: SignsOfLifeDeps): Loop {
  const { clock, log, everyMs } = deps;
  const watch = createWatchProcesses();
  return {
    name: 'signs-of-life',
    async run(signal) {
      while (!signal.aborted) {
        try {
          await reportAndJudge(deps, watch);
        } catch (err) {
          // Not left to the supervisor, whose waits grow: other processes would take a long wait for death.
          watch.recordOutage();
          log.warn('sign_of_life.failed', { err });
        }
        await clock.sleep(everyMs, signal);
      }
    },
  };
}

async function reportAndJudge(deps: SignsOfLifeDeps, watch: WatchProcesses): Promise<void> {
  const { store, clock, log, epoch, findLostFlights, replayResults, leases } = deps;
  const askedAtMs = clock.monotonicMs();
  await store.processes.recordSignOfLife();
  leases.recordSign(askedAtMs);
  await replayResults();
  const silent = watch.findSilent(await store.processes.listSignsOfLife(), clock.monotonicMs());
  const others = silent.filter((sign) => sign.epoch !== epoch);
  const dead = others.length === 0 ? [] : await store.processes.removeDead(others);
  if (dead.length > 0) log.warn('processes.buried', { epochs: dead });
  const recovered = await store.flights.recover({ epoch, messageIds: await findLostFlights() });
  if (recovered.unknown + recovered.abandoned > 0) log.warn('flights.recovered', { ...recovered });
}
