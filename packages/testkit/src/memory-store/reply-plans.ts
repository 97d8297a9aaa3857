import type { ReplyPlan } from '@chatferry/gateway/internal/store/reply-plans';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';

export function storeReplyPlan(db: MemoryDatabase, workspaceId: string, entryId: string, plan: ReplyPlan): ReplyPlan {
  const id = `${workspaceId}\n${entryId}`;
  const stored = db.replyPlans.get(id) ?? plan;
  db.replyPlans.set(id, stored);
  return stored;
}

/** The queries of `store.replyPlans`. */
export const replyPlans = ({ bind }: QueryBinder) => bind('replyPlans', { store: storeReplyPlan });
