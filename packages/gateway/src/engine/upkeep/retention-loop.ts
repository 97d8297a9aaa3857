import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type RetentionStore = StoreSlice<{ readonly retention: 'ensurePartitions' | 'apply' }>;

const everyMs = 3_600_000;

/** Creates the next partitions and drops data past its retention, once an hour. */
export const retentionLoop = ({ store, clock }: { readonly store: RetentionStore; readonly clock: Clock }): Loop => ({
  name: 'retention',
  async run(signal) {
    while (!signal.aborted) {
      await store.retention.ensurePartitions();
      await store.retention.apply();
      await clock.sleep(everyMs, signal);
    }
  },
});
