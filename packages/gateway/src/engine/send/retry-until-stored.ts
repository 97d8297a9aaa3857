import type { Supervisor } from '../lanes/supervisor.ts';

export interface Insistence {
  /** Does `work` again and again until it succeeds or the process ends. */
  insist(name: string, work: () => Promise<void>): void;
  isInsisting(): boolean;
}

/** For what the store must learn and could not be told yet. */
export function createInsistence(supervisor: Pick<Supervisor, 'start'>): Insistence {
  let waiting = 0;
  return {
    insist(name, work) {
      waiting += 1;
      const run = async () => {
        await work();
        waiting -= 1;
      };
      supervisor.start({ name, run });
    },
    isInsisting: () => waiting > 0,
  };
}
