import type { Journal } from '@chatferry/gateway/internal/journal/journal';
import { InjectedFault } from './store-link.ts';
import type { Process, World } from './world.ts';

/** The data folder of one machine: what was flushed there outlives its processes. */
export interface Disk {
  /** The journals in it, as one process sees them. */
  open(process: Process): Readonly<Record<'results' | 'calls' | 'unverifiedCalls', Journal>>;
  /** What was flushed and not handed over yet. */
  readonly size: number;
}

export function createDisk(world: World): Disk {
  const results = createJournal(world);
  const calls = createJournal(world);
  const unverifiedCalls = createJournal(world);
  return {
    get size() {
      return results.size() + calls.size() + unverifiedCalls.size();
    },
    open: (process) => ({
      results: results.open(process),
      calls: calls.open(process),
      unverifiedCalls: unverifiedCalls.open(process),
    }),
  };
}

function createJournal({ kernel, dice, profile, strikes, disturb }: World) {
  let records: Buffer[] = [];

  const open = (process: Process): Journal => ({
    append: (payload) =>
      new Promise((resolve, reject) => {
        kernel.after(dice.between(0.5, 8), process, 'journal flush', () => {
          if (strikes('disk full', profile.store.diskFull)) {
            disturb();
            reject(new InjectedFault('ENOSPC', 'no space left on device'));
            return;
          }
          records.push(payload);
          resolve();
        });
      }),
    hasRecords: () => records.length > 0,
    foundBytes: records.reduce((sum, { length }) => sum + length, 0),
    async drain(take) {
      const taken = [...records];
      let count = 0;
      for (const payload of taken) if (await take(payload)) count += 1;
      // Records that came during the drain stay; when it fails, all stay.
      records = records.filter((record) => !taken.includes(record));
      return count;
    },
    close: async () => undefined,
  });
  return { open, size: () => records.length };
}
