import type { Pool } from 'pg';
import type { OwnWrites } from '../core/loop-guard.ts';

/** What is known of our own writes to a conversation, for telling an echo from a reply. */
export async function readOwnWrites(
  db: Pool,
  workspaceId: string,
  conversationId: string,
  entryId: string,
): Promise<OwnWrites> {
  const { rows } = await db.query<{ in_ledger: boolean; text_hashes: string[] | null }>({
    name: 'read-own-writes',
    text: `
select
  exists (select 1 from inbox_writes where workspace_id = $1 and entry_id = $3) as in_ledger,
  (select array_agg(encode(text_hash, 'hex')) from inbox_writes
   where workspace_id = $1 and conversation_id = $2 and entry_id is null) as text_hashes`,
    values: [workspaceId, conversationId, entryId],
  });
  const row = rows[0];
  return {
    inLedger: row?.in_ledger === true,
    openWrites: (row?.text_hashes ?? []).map((textHash) => ({ textHash })),
  };
}
