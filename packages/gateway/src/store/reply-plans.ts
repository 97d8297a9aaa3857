import type { Pool } from 'pg';
import type { Omission } from '../core/inbox/omission.ts';
import type { EncodedReply } from '../ports/channel.ts';
import type { ConversationKey } from './conversations.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The messages that an agent's reply becomes, and what the agent is to be told. */
export interface ReplyPlan {
  readonly pieces: readonly EncodedReply[];
  readonly remark: string | null;
  /** What of the reply is in none of the messages. Absent in plans that an earlier version stored. */
  readonly omitted?: readonly Omission[];
}

export async function readReplyPlan(db: Pool, workspaceId: string, entryId: string): Promise<ReplyPlan | null> {
  const { rows } = await db.query<{ plan: ReplyPlan }>({
    name: 'read-reply-plan',
    text: `select plan from reply_plans where workspace_id = $1 and entry_id = $2`,
    values: [workspaceId, entryId],
  });
  return rows[0]?.plan ?? null;
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

/** The reply whose rest is queued, with all that its job needs. */
export interface QueuedReply {
  readonly key: ConversationKey;
  readonly reply: {
    readonly conversationId: string;
    readonly entryId: string;
    readonly author: { readonly id: string };
    readonly happenedAtMs: number;
  };
  readonly receivedAtMs: number;
}

/** The lane of one reply's files, which follow its words. */
export const replyFilesLaneKey = (workspaceId: string, entryId: string): string =>
  `reply-files:${workspaceId}:${entryId}`;

/** The payload of the job that sends the rest of a reply. */
export const restPayload = ({ key, reply, receivedAtMs }: QueuedReply, rest: object) => ({
  rest,
  key,
  reply: {
    conversationId: reply.conversationId,
    entryId: reply.entryId,
    authorId: reply.author.id,
    happenedAtMs: reply.happenedAtMs,
  },
  receivedAtMs,
});

/** Queues the rest of a reply in a lane of its own. A rest that is queued already is not queued again. */
export async function queueRestOfReply(db: Pool, queued: QueuedReply, rest: object): Promise<void> {
  const { workspaceId } = queued.key;
  await db.query({
    name: 'queue-rest-of-reply',
    text: `
with lane as (
  insert into lanes (key, workspace_id, run_at, tail) values ($1, $2, now(), 1)
  on conflict (key) do nothing returning key, tail
)
insert into jobs (lane_key, seq, workspace_id, kind, payload) select key, tail, $2, 'inbox-event', $3 from lane`,
    values: [
      replyFilesLaneKey(workspaceId, queued.reply.entryId),
      workspaceId,
      JSON.stringify(restPayload(queued, rest)),
    ],
  });
}

/** The queries of `store.replyPlans`. */
export const replyPlans = (db: Pool) =>
  bindQueries(db, { read: readReplyPlan, store: storeReplyPlan, queueRest: queueRestOfReply });
