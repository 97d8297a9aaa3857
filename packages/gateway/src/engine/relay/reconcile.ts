import type { InboxOutcome } from '../../ports/inbox.ts';
import { type ReconcileState, reconcileOverlapMs } from '../../store/reconciliation.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { createSlots } from '../lanes/slots.ts';
import type { Loop } from '../lanes/supervisor.ts';
import { type ReconcileConversationDeps, reconcileConversation } from './reconcile-conversation.ts';

export type ReconcileStore = ReconcileConversationDeps['store'] &
  StoreSlice<{
    readonly reconciliation: 'list' | 'save' | 'readLinks';
    readonly leases: 'acquire' | 'release';
  }>;

export interface ReconcileDeps extends ReconcileConversationDeps {
  readonly store: ReconcileStore;
  readonly health: Pick<MarkHealth, 'markWorkspaceBroken' | 'markWorkspaceActive'>;
  readonly everyMs: number;
  /** Called when `count` replies were found whose events did not arrive. */
  readonly onMissed?: (workspaceId: string, count: number) => void;
}

/** An agent's reply that is older than this is not sent any more. */
const lookBackMs = 24 * 3_600_000;
/** The wait between two calls to one account. It stays far below the account's limits, so that mirroring is not delayed. */
const paceMs = 100;
/** A page has 100 to 150 conversations. */
const pagesMax = 40;
const leaseMs = 60_000;
const atOnceMax = 4;

/**
 * Searches the inboxes for replies whose webhook never arrived, at the start and then regularly: Intercom repeats a call only
 * once. A missed reply is then processed like one from a webhook. A reply that is known already changes nothing.
 */
export function reconcileLoop(deps: ReconcileDeps): Loop {
  const { store, clock, everyMs } = deps;
  const slots = createSlots(atOnceMax);
  return {
    name: 'reconcile',
    async run(signal) {
      let isFirst = true;
      while (!signal.aborted) {
        const startedAtMs = clock.nowMs();
        const states = await store.reconciliation.list();
        const due = states.filter(
          // Another process may have done it. At the start it is unknown how long no event could arrive.
          ({ reconciledAtMs }) => isFirst || reconciledAtMs === null || reconciledAtMs <= startedAtMs - everyMs / 2,
        );
        await Promise.all(due.map((state) => slots.run(() => reconcileUnderLease(deps, state, signal))));
        isFirst = false;
        await clock.sleep(everyMs, signal);
      }
    },
  };
}

const leaseOf = (workspaceId: string): string => `reconcile:${workspaceId}`;

async function reconcileUnderLease(deps: ReconcileDeps, state: ReconcileState, signal: AbortSignal): Promise<void> {
  const { store, log } = deps;
  const { workspaceId } = state;
  if (signal.aborted || !(await store.leases.acquire(leaseOf(workspaceId), leaseMs))) return;
  try {
    await reconcileWorkspace(deps, state, signal);
  } catch (cause) {
    // The other workspaces still have to be searched. The next round comes back to this one.
    log.error('reconcile.failed', { err: cause, workspaceId });
  } finally {
    await store.leases.release(leaseOf(workspaceId));
  }
}

async function reconcileWorkspace(deps: ReconcileDeps, state: ReconcileState, signal: AbortSignal): Promise<void> {
  const { store, health, directory, clock, log } = deps;
  const { workspaceId } = state;
  const startedAtMs = clock.nowMs();
  const sinceMs = Math.max((state.reconciledAtMs ?? 0) - reconcileOverlapMs, startedAtMs - lookBackMs);
  const workspace = await directory.workspace(workspaceId);
  if (!workspace) return;
  let found = 0;
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const changed = await workspace.inbox.changedConversations(sinceMs, cursor);
    if (changed.kind !== 'ok') return postpone(deps, workspaceId, changed);
    // A refused credential works again. No other call may ask the inbox for a long time.
    if (page === 0 && workspace.record.state === 'broken') await health.markWorkspaceActive(workspaceId);
    for (const link of await store.reconciliation.readLinks(workspaceId, changed.value.conversationIds)) {
      await clock.sleep(paceMs, signal);
      if (signal.aborted || !(await store.leases.acquire(leaseOf(workspaceId), leaseMs))) return;
      const received = await reconcileConversation(deps, workspace, link, sinceMs);
      if (received.kind !== 'ok') return postpone(deps, workspaceId, received);
      found += received.value;
    }
    cursor = changed.value.nextCursor;
    if (cursor === null) break;
    await clock.sleep(paceMs, signal);
  }
  if (cursor !== null) log.warn('reconcile.cut', { workspaceId, pages: pagesMax });
  if (found > 0) {
    log.warn('reconcile.found', { workspaceId, replies: found });
    deps.onMissed?.(workspaceId, found);
  }
  await store.reconciliation.save(workspaceId, startedAtMs);
}

/** The stored position does not change, so the next round searches the same time again. */
async function postpone(
  { health, log }: ReconcileDeps,
  workspaceId: string,
  outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>,
): Promise<void> {
  log.warn('reconcile.put_off', { workspaceId, detail: outcome.detail });
  if (outcome.kind === 'broken') await health.markWorkspaceBroken(workspaceId, outcome.detail);
}
