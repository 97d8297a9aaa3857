import type { Pool } from 'pg';
import type { ConversationKey } from './conversations.ts';
import { bindQueries } from './database/bind-queries.ts';

/**
 * Each search begins this long before the end of the last one. The overlap covers Intercom's single retry of an
 * event, and the delay of its search.
 */
export const reconcileOverlapMs = 5 * 60_000;

export interface ReconcileState {
  readonly workspaceId: string;
  /** The time up to which the inbox was searched, by the gateway's clock; null if it never was. */
  readonly reconciledAtMs: number | null;
}

/** A conversation of the inbox that is linked to a chat, or was linked to it before. */
export interface LinkedConversation {
  readonly conversationId: string;
  readonly key: ConversationKey;
  readonly linkedAtMs: number;
}

/** The workspaces with at least one conversation in their inbox, without those that a person disabled. */
export async function listReconcilableWorkspaces(db: Pool): Promise<readonly ReconcileState[]> {
  const { rows } = await db.query<{ id: string; reconciled_ms: number | null }>({
    name: 'list-reconcilable',
    text: `
select w.id, (extract(epoch from r.reconciled_at) * 1000)::float8 as reconciled_ms
from workspaces w left join reconciliations r on r.workspace_id = w.id
where w.state in ('active', 'broken')
  and exists (select 1 from conversations c where c.workspace_id = w.id and c.inbox_conversation_id is not null)
order by r.reconciled_at nulls first, w.id`,
  });
  return rows.map((row) => ({ workspaceId: row.id, reconciledAtMs: row.reconciled_ms }));
}

export async function saveReconciled(db: Pool, workspaceId: string, reconciledAtMs: number): Promise<void> {
  await db.query({
    name: 'save-reconciled',
    text: `
insert into reconciliations (workspace_id, reconciled_at) values ($1, to_timestamp($2::float8 / 1000))
on conflict (workspace_id)
do update set reconciled_at = greatest(reconciliations.reconciled_at, excluded.reconciled_at)`,
    values: [workspaceId, reconciledAtMs],
  });
}

/** Which of these conversations are linked to a chat, and since when. */
export async function readLinks(
  db: Pool,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<readonly LinkedConversation[]> {
  const { rows } = await db.query<{
    inbox_conversation_id: string;
    channel_id: string;
    chat_id: string;
    topic_id: string;
    linked_ms: number;
  }>({
    name: 'read-links',
    text: `
select inbox_conversation_id, channel_id, chat_id::text, topic_id::text,
  (extract(epoch from linked_at) * 1000)::float8 as linked_ms
from (
  select workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, linked_at from conversations
  union all
  select workspace_id, inbox_conversation_id, channel_id, chat_id, topic_id, linked_at from past_conversations
) linked
where workspace_id = $1 and inbox_conversation_id = any($2::text[]) and linked_at is not null`,
    values: [workspaceId, conversationIds],
  });
  return rows.map((row) => ({
    conversationId: row.inbox_conversation_id,
    key: { workspaceId, channelId: row.channel_id, chatId: row.chat_id, topicId: row.topic_id },
    linkedAtMs: row.linked_ms,
  }));
}

/** The entries, in the given order, that the gateway neither wrote nor received as an agent's reply. */
export async function findUnknownEntries(
  db: Pool,
  workspaceId: string,
  entryIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'find-unknown-entries',
    text: `
select e.id from unnest($2::text[]) with ordinality as e(id, ord)
where not exists (select 1 from inbox_writes w where w.workspace_id = $1 and w.entry_id = e.id)
  and not exists (select 1 from idempotency_keys k where k.scope = $1 and k.route = 'relay' and k.key = e.id || '#0')
  and not exists (
    select 1 from fences f where f.owner_id = $1 and f.external_id in ('entry:' || e.id, 'reported:' || e.id)
  )
order by e.ord`,
    values: [workspaceId, entryIds],
  });
  return rows.map((row) => row.id);
}

/**
 * Records that the agent was told that this entry was not delivered, or possibly not. It must not be delivered after
 * that.
 */
export async function markReported(db: Pool, workspaceId: string, entryId: string): Promise<void> {
  await db.query({
    name: 'mark-reported',
    text: `
insert into fences (owner_id, external_id, workspace_id) values ($1, 'reported:' || $2::text, $1)
on conflict do nothing`,
    values: [workspaceId, entryId],
  });
}

/** The queries of `store.reconciliation`. */
export const reconciliation = (db: Pool) =>
  bindQueries(db, {
    list: listReconcilableWorkspaces,
    save: saveReconciled,
    readLinks,
    findUnknownEntries,
    markReported,
  });
