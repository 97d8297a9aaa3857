import type { LinkedConversation, ReconcileState } from '@chatferry/gateway/internal/store/reconciliation';
import type { QueryBinder } from './bind-queries.ts';
import { listRowsOfInboxConversation, pastId } from './conversations.ts';
import type { MemoryDatabase } from './database.ts';
import { keyId } from './idempotency.ts';
import { fenceId } from './updates.ts';

export function listReconcilableWorkspaces(db: MemoryDatabase): readonly ReconcileState[] {
  return [...db.workspaces.values()]
    .filter(({ id, state }) => (state === 'active' || state === 'broken') && hasConversation(db, id))
    .map(({ id }) => ({ workspaceId: id, reconciledAtMs: db.reconciliations.get(id) ?? null }))
    .sort((a, b) => (a.reconciledAtMs ?? -1) - (b.reconciledAtMs ?? -1) || (a.workspaceId < b.workspaceId ? -1 : 1));
}

function hasConversation(db: MemoryDatabase, workspaceId: string): boolean {
  for (const { key, inboxConversationId } of db.conversations.values()) {
    if (inboxConversationId !== null && key.workspaceId === workspaceId) return true;
  }
  return false;
}

export function saveReconciled(db: MemoryDatabase, workspaceId: string, reconciledAtMs: number): void {
  const before = db.reconciliations.get(workspaceId) ?? Number.NEGATIVE_INFINITY;
  db.reconciliations.set(workspaceId, Math.max(before, reconciledAtMs));
}

export function readLinks(
  db: MemoryDatabase,
  workspaceId: string,
  conversationIds: readonly string[],
): readonly LinkedConversation[] {
  return conversationIds.flatMap((conversationId) => {
    const past = db.pastConversations.get(pastId(workspaceId, conversationId));
    return [...listRowsOfInboxConversation(db, workspaceId, conversationId), ...(past ? [past] : [])].flatMap(
      ({ key, linkedAtMs }) => (linkedAtMs === null ? [] : [{ conversationId, key, linkedAtMs }]),
    );
  });
}

export function findUnknownEntries(
  db: MemoryDatabase,
  workspaceId: string,
  entryIds: readonly string[],
): readonly string[] {
  const written = new Set<string | null>();
  for (const write of db.writes.values()) if (write.workspaceId === workspaceId) written.add(write.entryId);
  return entryIds.filter(
    (entryId) =>
      !written.has(entryId) &&
      !db.keys.has(keyId({ scope: workspaceId, route: 'relay', key: `${entryId}#0` })) &&
      !db.fences.has(fenceId(workspaceId, `entry:${entryId}`)) &&
      !db.fences.has(fenceId(workspaceId, `reported:${entryId}`)),
  );
}

export function markReported(db: MemoryDatabase, workspaceId: string, entryId: string): void {
  db.fences.add(fenceId(workspaceId, `reported:${entryId}`));
}

/** The queries of `store.reconciliation`. */
export const reconciliation = ({ bind }: QueryBinder) =>
  bind('reconciliation', {
    list: listReconcilableWorkspaces,
    save: saveReconciled,
    readLinks,
    findUnknownEntries,
    markReported,
  });
