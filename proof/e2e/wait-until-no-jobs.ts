import type { Rig } from '@chatferry/testkit/rigs/rig';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';

/** Waits until no job is left. A provider has an entry before the gateway has recorded it. */
export const waitUntilNoJobs = (rig: Rig): Promise<void> =>
  eventually(async () => {
    await makeRetriesDue(rig);
    expect((await rig.database.pool.query('select kind, payload from jobs')).rows).toEqual([]);
  });
