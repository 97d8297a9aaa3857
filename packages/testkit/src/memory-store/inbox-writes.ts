import type { OpenWrite, OwnWrites } from '@chatferry/gateway/internal/core/inbox/loop-guard';
import type {
  ComparedEvent,
  EntryReservation,
  EntryState,
  ReservedEntry,
} from '@chatferry/gateway/internal/store/inbox-writes';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase, WriteRow } from './database.ts';
import { fenceId } from './updates.ts';

export const writeId = (workspaceId: string, key: string): string => `${workspaceId}\n${key}`;

export function reserveEntry(db: MemoryDatabase, row: EntryReservation): ReservedEntry {
  const { workspaceId, key, conversationId, textHash, author, afterEntryId } = row;
  const before = db.writes.get(writeId(workspaceId, key));
  if (before) {
    return {
      first: false,
      conversationId: before.conversationId,
      entryId: before.entryId,
      afterEntryId: before.afterEntryId,
    };
  }
  db.writes.set(writeId(workspaceId, key), {
    workspaceId,
    conversationId,
    textHash: textHash.toString('hex'),
    author,
    entryId: null,
    afterEntryId,
    createdAtMs: db.nowMs(),
  });
  return { first: true, conversationId, entryId: null, afterEntryId };
}

export function releaseEntry(db: MemoryDatabase, workspaceId: string, key: string): void {
  if (db.writes.get(writeId(workspaceId, key))?.entryId === null) db.writes.delete(writeId(workspaceId, key));
}

export const findWriteOfEntry = (db: MemoryDatabase, workspaceId: string, entryId: string): WriteRow | undefined => {
  for (const write of db.writes.values()) {
    if (write.entryId === entryId && write.workspaceId === workspaceId) return write;
  }
  return undefined;
};

export function isOtherEntry(db: MemoryDatabase, workspaceId: string, entryKey: string, entryId: string): boolean {
  const recorded = findWriteOfEntry(db, workspaceId, entryId);
  return recorded !== undefined && recorded !== db.writes.get(writeId(workspaceId, entryKey));
}

export function readEntryState(db: MemoryDatabase, workspaceId: string, entryKey: string): EntryState {
  const write = db.writes.get(writeId(workspaceId, entryKey));
  if (write === undefined) return 'absent';
  return write.entryId === null ? 'open' : 'written';
}

export function readOwnWrites(
  db: MemoryDatabase,
  workspaceId: string,
  conversationId: string,
  { entryId, receivedAtMs, mayOpen = false }: ComparedEvent,
): OwnWrites & { readonly isReported: boolean } {
  const openWrites: OpenWrite[] = [];
  let inLedger = false;
  for (const write of db.writes.values()) {
    if (write.workspaceId !== workspaceId) continue;
    if (write.entryId === entryId) inLedger = true;
    if (write.author.kind !== 'teammate' || write.entryId !== null || !beganBefore(write, receivedAtMs)) continue;
    if (write.conversationId === conversationId || (mayOpen && write.conversationId === null))
      openWrites.push({ textHash: write.textHash, senderId: write.author.senderId });
  }
  return { inLedger, openWrites, isReported: db.fences.has(fenceId(workspaceId, `reported:${entryId}`)) };
}

export function isOpeningConversation(db: MemoryDatabase, workspaceId: string, receivedAtMs: number | null): boolean {
  for (const write of db.writes.values()) {
    const isOpening = write.workspaceId === workspaceId && write.entryId === null && write.conversationId === null;
    if (isOpening && beganBefore(write, receivedAtMs)) return true;
  }
  return false;
}

/** The real slack between the servers of a database. */
const slackMs = 1_000;

const beganBefore = ({ createdAtMs }: WriteRow, receivedAtMs: number | null): boolean =>
  receivedAtMs === null || createdAtMs <= receivedAtMs + slackMs;

/** The queries of `store.inboxWrites`. */
export const inboxWrites = ({ bind }: QueryBinder) =>
  bind('inboxWrites', {
    reserve: reserveEntry,
    release: releaseEntry,
    readState: readEntryState,
    isOther: isOtherEntry,
    readOwn: readOwnWrites,
    isOpeningConversation,
  });
