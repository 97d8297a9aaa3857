import type { Supervisor } from '../lanes/supervisor.ts';

/** Work that the store must record and could not record yet. */
export interface StoreRetries {
  /** Repeats `work` until it succeeds or the process ends. `name` appears in the log and in readiness. */
  retryUntilStored(name: string, work: () => Promise<void>): void;
  isRetrying(): boolean;
}

export function createStoreRetries(supervisor: Pick<Supervisor, 'start'>): StoreRetries {
  let waiting = 0;
  return {
    retryUntilStored(name, work) {
      waiting += 1;
      const run = async () => {
        await work();
        waiting -= 1;
      };
      supervisor.start({ name, run });
    },
    isRetrying: () => waiting > 0,
  };
}
