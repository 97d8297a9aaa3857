import type { Pool } from 'pg';
import type { OwnWrites } from '../core/inbox/loop-guard.ts';
import { bindQueries } from './database/bind-queries.ts';

/** What is known of an entry, for telling an echo from a reply, and a fresh reply from one whose agent was told of its end. */
export async function readOwnWrites(
  db: Pool,
  workspaceId: string,
  conversationId: string,
  entryId: string,
): Promise<OwnWrites & { readonly isReported: boolean }> {
  const { rows } = await db.query<{ in_ledger: boolean; text_hashes: string[] | null; is_reported: boolean }>({
    name: 'read-own-writes',
    text: `
select
  exists (select 1 from inbox_writes where workspace_id = $1 and entry_id = $3) as in_ledger,
  (select array_agg(encode(text_hash, 'hex')) from inbox_writes
   where workspace_id = $1 and conversation_id = $2 and entry_id is null) as text_hashes,
  exists (select 1 from fences where owner_id = $1 and external_id = 'reported:' || $3::text) as is_reported`,
    values: [workspaceId, conversationId, entryId],
  });
  const row = rows[0];
  return {
    inLedger: row?.in_ledger === true,
    isReported: row?.is_reported === true,
    openWrites: (row?.text_hashes ?? []).map((textHash) => ({ textHash })),
  };
}

/** Whether an entry that opens its conversation is on its way: reserved, and of no known conversation. */
export async function isOpeningConversation(db: Pool, workspaceId: string): Promise<boolean> {
  const { rows } = await db.query<{ opening: boolean }>({
    name: 'is-opening-conversation',
    text: `
select exists (select 1 from inbox_writes where workspace_id = $1 and conversation_id is null and entry_id is null) as opening`,
    values: [workspaceId],
  });
  return rows[0]?.opening === true;
}

/** The queries of `store.ownWrites`. */
export const ownWrites = (db: Pool) => bindQueries(db, { read: readOwnWrites, isOpeningConversation });
