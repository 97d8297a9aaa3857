import type { Rig } from '@chatferry/testkit/rigs/rig';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { hasten } from './hasten.ts';

/** Until no job is left. The far side has an entry before the gateway's own books say so. */
export const atRest = (rig: Rig): Promise<void> =>
  eventually(async () => {
    await hasten(rig);
    expect((await rig.database.pool.query('select kind, payload from jobs')).rows).toEqual([]);
  });
