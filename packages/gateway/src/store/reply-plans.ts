import type { Pool } from 'pg';
import type { EncodedReply } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The messages that an agent's reply becomes, and the note for the agent. */
export interface ReplyPlan {
  readonly pieces: readonly EncodedReply[];
  readonly remark: string | null;
}

/**
 * Stores the first plan of a reply, and returns the stored plan. A later try continues with the same messages, even
 * if the channel's options have changed.
 */
export async function storeReplyPlan(
  db: Pool,
  workspaceId: string,
  entryId: string,
  plan: ReplyPlan,
): Promise<ReplyPlan> {
  const { rows } = await db.query<{ plan: ReplyPlan }>({
    name: 'store-reply-plan',
    text: `
with stored as (
  insert into reply_plans (workspace_id, entry_id, plan) values ($1, $2, $3) on conflict do nothing returning plan
)
select plan from stored
union all
select plan from reply_plans where workspace_id = $1 and entry_id = $2 and not exists (select 1 from stored)`,
    values: [workspaceId, entryId, JSON.stringify(plan)],
  });
  // No row: another process stored its plan at the same moment, and this statement does not see it. The next one
  // does.
  return rows[0]?.plan ?? storeReplyPlan(db, workspaceId, entryId, plan);
}

/** The queries of `store.replyPlans`. */
export const replyPlans = (db: Pool) => bindQueries(db, { store: storeReplyPlan });
