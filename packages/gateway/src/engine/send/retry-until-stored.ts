import type { Supervisor } from '../lanes/supervisor.ts';

/** Work that the store must record and could not record yet. */
export interface StoreRetries {
  /** Repeats `work` until it succeeds or the process ends. `name` appears in the log and in readiness. */
  retryUntilStored(name: string, work: () => Promise<void>): void;
  isRetrying(): boolean;
}

/** Does `work`. If that fails, reports it, and repeats `work` in the background until it succeeds. Never rejects. */
export async function storeOrRetry(
  { retryUntilStored }: Pick<StoreRetries, 'retryUntilStored'>,
  name: string,
  work: () => Promise<void>,
  report: (cause: unknown) => void,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    report(cause);
    retryUntilStored(name, work);
  }
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
