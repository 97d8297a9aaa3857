import type { Rig } from '@chatferry/testkit/rigs/rig';

/** Ends the waits between the tries of work that failed, so that a test need not sit them out. */
export async function makeRetriesDue({ database }: Rig): Promise<void> {
  await database.pool.query('update lanes set run_at = now() where lease is null and run_at > now()');
}
