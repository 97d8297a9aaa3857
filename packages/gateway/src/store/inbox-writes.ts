import type { Pool } from 'pg';
import type { OwnWrites } from '../core/inbox/loop-guard.ts';
import type { EntryAuthor } from '../ports/inbox.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { KeyedDigest } from './keyed-digest.ts';

/** An entry that is about to be written. */
export interface EntryReservation {
  readonly workspaceId: string;
  /** The gateway's own name of the entry, unique in the workspace. */
  readonly key: string;
  readonly conversationId: string | null;
  readonly textHash: Buffer;
  readonly author: EntryAuthor;
  /** The newest known entry of the conversation. */
  readonly afterEntryId: string | null;
}

/** A reservation. `first` if the entry was not reserved before. */
export interface ReservedEntry {
  readonly first: boolean;
  /** The conversation of the entry, once it is known. */
  readonly conversationId: string | null;
  readonly entryId: string | null;
  /** The newest entry that was known before the first try. */
  readonly afterEntryId: string | null;
}

/**
 * Reserves an entry before the call that writes it. If an earlier try reserved it, the entry may already be in the
 * inbox.
 */
export async function reserveEntry(db: Pool, digestOf: KeyedDigest, row: EntryReservation): Promise<ReservedEntry> {
  const { rows } = await db.query<{
    first: boolean;
    conversation_id: string | null;
    entry_id: string | null;
    after_entry_id: string | null;
  }>({
    name: 'reserve-entry',
    text: `
with reserved as (
  insert into inbox_writes (workspace_id, key, conversation_id, text_hash, after_entry_id, by_team, sender_id)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict do nothing returning conversation_id, entry_id, after_entry_id
)
select true as first, conversation_id, entry_id, after_entry_id from reserved
union all
select false, conversation_id, entry_id, after_entry_id from inbox_writes
where workspace_id = $1 and key = $2 and not exists (select 1 from reserved)`,
    values: [
      row.workspaceId,
      row.key,
      row.conversationId,
      keyedTextHash(digestOf, row.textHash.toString('hex')),
      row.afterEntryId,
      row.author.kind === 'teammate',
      row.author.kind === 'teammate' ? row.author.senderId : null,
    ],
  });
  const record = rows[0];
  // Another try reserved it at the same moment, and this statement does not see it. The next one does.
  if (!record) return reserveEntry(db, digestOf, row);
  return {
    first: record.first,
    conversationId: record.conversation_id,
    entryId: record.entry_id,
    afterEntryId: record.after_entry_id,
  };
}

/** Deletes a reservation: the provider's answer proves that nothing was written. */
export async function releaseEntry(db: Pool, workspaceId: string, key: string): Promise<void> {
  await db.query({
    name: 'release-entry',
    text: `delete from inbox_writes where workspace_id = $1 and key = $2 and entry_id is null`,
    values: [workspaceId, key],
  });
}

/** Whether an entry of the inbox is recorded under another key than this one. */
export async function isOtherEntry(db: Pool, workspaceId: string, entryKey: string, entryId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-other-entry',
    text: `select 1 from inbox_writes where workspace_id = $1 and entry_id = $3 and key <> $2`,
    values: [workspaceId, entryKey, entryId],
  });
  return rowCount === 1;
}

/** `open`: a try reserved the entry, and it is not known whether it is in the inbox. */
export type EntryState = 'absent' | 'open' | 'written';

export async function readEntryState(db: Pool, workspaceId: string, entryKey: string): Promise<EntryState> {
  const { rows } = await db.query<{ written: boolean }>({
    name: 'read-entry-state',
    text: `select entry_id is not null as written from inbox_writes where workspace_id = $1 and key = $2`,
    values: [workspaceId, entryKey],
  });
  const [row] = rows;
  if (row === undefined) return 'absent';
  return row.written ? 'written' : 'open';
}

/** An event that may be about an entry of the gateway. */
export interface ComparedEvent {
  readonly entryId: string;
  readonly textHash: string;
  /**
   * When it was received, by the database's clock: writes that began later cannot have caused it. Null if the entry was read
   * from the inbox after that.
   */
  readonly receivedAtMs: number | null;
  /** Whether the entry may have opened its conversation. Entries whose conversation is not known yet count then. */
  readonly mayOpen?: boolean | undefined;
}

/** The servers of one database agree on the time to less than this. */
const slack = `interval '1 s'`;

const beganBefore = (ms: string): string =>
  `(${ms}::float8 is null or created_at <= to_timestamp(${ms}::float8 / 1000) + ${slack})`;

/**
 * Reads what distinguishes an echo of the gateway's own writes from an agent's reply, and a new reply from one whose
 * agent was already told that it was not delivered.
 */
export async function readOwnWrites(
  db: Pool,
  digestOf: KeyedDigest,
  workspaceId: string,
  conversationId: string,
  event: ComparedEvent,
): Promise<OwnWrites & { readonly isReported: boolean }> {
  const { rows } = await db.query<{
    in_ledger: boolean;
    open: readonly { readonly hash: string; readonly sender: string | null }[] | null;
    is_reported: boolean;
  }>({
    name: 'read-own-writes',
    text: `
select
  exists (select 1 from inbox_writes where workspace_id = $1 and entry_id = $3) as in_ledger,
  (select jsonb_agg(jsonb_build_object('hash', encode(text_hash, 'hex'), 'sender', sender_id)) from inbox_writes
   where workspace_id = $1 and (conversation_id = $2 or ($5 and conversation_id is null)) and entry_id is null and by_team
     and ${beganBefore('$4')}) as open,
  exists (select 1 from fences where owner_id = $1 and external_id = 'reported:' || $3::text) as is_reported`,
    values: [workspaceId, conversationId, event.entryId, event.receivedAtMs, event.mayOpen === true],
  });
  const row = rows[0];
  const keyed = keyedTextHash(digestOf, event.textHash).toString('hex');
  return {
    inLedger: row?.in_ledger === true,
    isReported: row?.is_reported === true,
    openWrites: (row?.open ?? []).map(({ hash, sender }) => ({
      textHash: hash === keyed ? event.textHash : hash,
      senderId: sender,
    })),
  };
}

/**
 * Whether an entry that opens a conversation is being written: reserved, with a conversation that is not known yet.
 * Entries that were reserved after `receivedAtMs` do not count.
 */
export async function isOpeningConversation(
  db: Pool,
  workspaceId: string,
  receivedAtMs: number | null,
): Promise<boolean> {
  const { rows } = await db.query<{ opening: boolean }>({
    name: 'is-opening-conversation',
    text: `
select exists (
  select 1 from inbox_writes
  where workspace_id = $1 and conversation_id is null and entry_id is null and ${beganBefore('$2')}
) as opening`,
    values: [workspaceId, receivedAtMs],
  });
  return rows[0]?.opening === true;
}

const keyedTextHash = (digestOf: KeyedDigest, textHash: string): Buffer => digestOf(`text of an entry ${textHash}`);

/** The queries of `store.inboxWrites`. */
export const inboxWrites = (db: Pool, digestOf: KeyedDigest) => ({
  ...bindQueries(db, {
    release: releaseEntry,
    readState: readEntryState,
    isOther: isOtherEntry,
    isOpeningConversation,
  }),
  reserve: (row: EntryReservation) => reserveEntry(db, digestOf, row),
  readOwn: (workspaceId: string, conversationId: string, event: ComparedEvent) =>
    readOwnWrites(db, digestOf, workspaceId, conversationId, event),
});
