import {
  type QueuedReply,
  type ReplyPlan,
  replyFilesLaneKey,
  restPayload,
} from '@chatferry/gateway/internal/store/reply-plans';
import type { QueryBinder } from './bind-queries.ts';
import { enqueue, type MemoryDatabase } from './database.ts';

const planId = (workspaceId: string, entryId: string): string => `${workspaceId}\n${entryId}`;

export const readReplyPlan = (db: MemoryDatabase, workspaceId: string, entryId: string): ReplyPlan | null =>
  db.replyPlans.get(planId(workspaceId, entryId)) ?? null;

export function storeReplyPlan(db: MemoryDatabase, workspaceId: string, entryId: string, plan: ReplyPlan): ReplyPlan {
  const id = planId(workspaceId, entryId);
  const stored = db.replyPlans.get(id) ?? plan;
  db.replyPlans.set(id, stored);
  return stored;
}

export function queueRestOfReply(db: MemoryDatabase, queued: QueuedReply, rest: object): void {
  const { workspaceId } = queued.key;
  const laneKey = replyFilesLaneKey(workspaceId, queued.reply.entryId);
  if (!db.lanes.has(laneKey)) enqueue(db, laneKey, workspaceId, 'inbox-event', restPayload(queued, rest));
}

/** The queries of `store.replyPlans`. */
export const replyPlans = ({ bind }: QueryBinder) =>
  bind('replyPlans', { read: readReplyPlan, store: storeReplyPlan, queueRest: queueRestOfReply });
