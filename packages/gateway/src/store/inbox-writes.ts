import type { Pool } from 'pg';
import type { OwnWrites } from '../core/inbox/loop-guard.ts';
import { bindQueries } from './database/bind-queries.ts';

/** An entry that is about to be written. */
export interface EntryReservation {
  readonly workspaceId: string;
  readonly key: string;
  readonly conversationId: string | null;
  readonly textHash: Buffer;
  /** The newest entry that is known to stand in the conversation. */
  readonly afterEntryId: string | null;
}

/** What the ledger knows of an entry: `first` where nobody tried to write it before. */
export interface ReservedEntry {
  readonly first: boolean;
  /** Where it stands, once that is known. */
  readonly conversationId: string | null;
  readonly entryId: string | null;
  /** What was known to stand there before the first try. */
  readonly afterEntryId: string | null;
}

/** Reserves an entry before the call that writes it. Where an earlier try reserved it, it may have arrived. */
export async function reserveEntry(db: Pool, row: EntryReservation): Promise<ReservedEntry> {
  const { rows } = await db.query<{
    first: boolean;
    conversation_id: string | null;
    entry_id: string | null;
    after_entry_id: string | null;
  }>({
    name: 'reserve-entry',
    text: `
with reserved as (
  insert into inbox_writes (workspace_id, key, conversation_id, text_hash, after_entry_id) values ($1, $2, $3, $4, $5)
  on conflict do nothing returning conversation_id, entry_id, after_entry_id
)
select true as first, conversation_id, entry_id, after_entry_id from reserved
union all
select false, conversation_id, entry_id, after_entry_id from inbox_writes
where workspace_id = $1 and key = $2 and not exists (select 1 from reserved)`,
    values: [row.workspaceId, row.key, row.conversationId, row.textHash, row.afterEntryId],
  });
  const record = rows[0];
  if (!record) throw new Error('reserve-entry answered without a row');
  return {
    first: record.first,
    conversationId: record.conversation_id,
    entryId: record.entry_id,
    afterEntryId: record.after_entry_id,
  };
}

/** Takes a reservation back: the provider's own word is proof that nothing was written. */
export async function releaseEntry(db: Pool, workspaceId: string, key: string): Promise<void> {
  await db.query({
    name: 'release-entry',
    text: `delete from inbox_writes where workspace_id = $1 and key = $2 and entry_id is null`,
    values: [workspaceId, key],
  });
}

/** Whether an entry of the inbox is known to be another one than that with this key. */
export async function isOtherEntry(db: Pool, workspaceId: string, entryKey: string, entryId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-other-entry',
    text: `select 1 from inbox_writes where workspace_id = $1 and entry_id = $3 and key <> $2`,
    values: [workspaceId, entryKey, entryId],
  });
  return rowCount === 1;
}

/** Whether an entry stands in the ledger with its id. */
export async function isEntryRecorded(db: Pool, workspaceId: string, entryKey: string): Promise<boolean> {
  const { rows } = await db.query<{ recorded: boolean }>({
    name: 'is-entry-recorded',
    text: `
select exists (select 1 from inbox_writes where workspace_id = $1 and key = $2 and entry_id is not null) as recorded`,
    values: [workspaceId, entryKey],
  });
  return rows[0]?.recorded === true;
}

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

/** The queries of `store.inboxWrites`. */
export const inboxWrites = (db: Pool) =>
  bindQueries(db, {
    reserve: reserveEntry,
    release: releaseEntry,
    isRecorded: isEntryRecorded,
    isOther: isOtherEntry,
    readOwn: readOwnWrites,
    isOpeningConversation,
  });
