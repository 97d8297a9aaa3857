import type { Rig } from '@chatferry/testkit/rigs/rig';

/**
 * Makes everything due that waits for its next try. Events of an inbox are looked at only a few times while an entry of the
 * gateway has no answer, so they stay in their wait until the entries of the workspace are written.
 */
export async function makeRetriesDue({ database }: Rig): Promise<void> {
  await database.pool.query(`
update lanes l set run_at = now() where lease is null and run_at > now() and (key like 'inbox:%' or key like 'file:%' or not exists (
  select 1 from lanes writing where writing.workspace_id = l.workspace_id and writing.key like 'inbox:%'))`);
}
