import type { Pool } from 'pg';
import type { EncodedReply } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The messages that an agent's reply becomes, and what is said about it beside it. */
export interface ReplyPlan {
  readonly pieces: readonly EncodedReply[];
  readonly remark: string | null;
}

/**
 * Keeps the first plan that is made of a reply, and answers with it: a later try goes on with the same messages, whatever the
 * channel's options have become meanwhile.
 */
export async function storeReplyPlan(
  db: Pool,
  workspaceId: string,
  entryId: string,
  plan: ReplyPlan,
): Promise<ReplyPlan> {
  const { rows } = await db.query<{ plan: ReplyPlan }>({
    name: 'keep-reply-plan',
    text: `
with kept as (
  insert into reply_plans (workspace_id, entry_id, plan) values ($1, $2, $3) on conflict do nothing returning plan
)
select plan from kept
union all
select plan from reply_plans where workspace_id = $1 and entry_id = $2 and not exists (select 1 from kept)`,
    values: [workspaceId, entryId, JSON.stringify(plan)],
  });
  // Another process kept its plan in this very moment, unseen by this statement: the next one sees it.
  return rows[0]?.plan ?? storeReplyPlan(db, workspaceId, entryId, plan);
}

/** The queries of `store.replyPlans`. */
export const replyPlans = (db: Pool) => bindQueries(db, { store: storeReplyPlan });
