import type { QueryBinder } from './bind-queries.ts';

/** This store has no partitions and never deletes old rows. */
export const retention = ({ bind }: QueryBinder) =>
  bind('retention', { ensurePartitions: () => undefined, apply: () => undefined });
