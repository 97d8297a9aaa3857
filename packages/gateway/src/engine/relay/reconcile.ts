import type { InboxEvent } from '../../core/inbox/inbox-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { EngineLog } from '../../ports/log.ts';
import { type LinkedConversation, type ReconcileState, reconcileOverlapMs } from '../../store/reconciliation.ts';
import type { StoreSlice } from '../../store/store.ts';
import { relayLaneKey } from '../../store/updates.ts';
import type { Directory, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import { createSlots } from '../lanes/slots.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type ReconcileStore = StoreSlice<{
  readonly reconciliation: 'list' | 'save' | 'readLinks' | 'findUnknownEntries';
  readonly updates: 'store';
  readonly leases: 'acquire' | 'release';
}>;

export interface ReconcileDeps {
  readonly store: ReconcileStore;
  readonly health: Pick<MarkHealth, 'markWorkspaceBroken' | 'markWorkspaceActive'>;
  readonly directory: Directory;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly everyMs: number;
  /** Something that was missed waits to be relayed. */
  readonly onFound: () => void;
  /** So many replies were found of which no event told. */
  readonly onMissed?: (workspaceId: string, count: number) => void;
}

/** What an agent wrote longer ago than this is not sent any more. */
const lookBackMs = 24 * 3_600_000;
/** The inbox's clock and the database's may differ by this much. */
const clockSkewMs = 60_000;
/** Between two calls to one account: far below its limits, so that the mirror is not held up. */
const paceMs = 100;
/** Of 100 to 150 conversations each. */
const pagesMax = 40;
const leaseMs = 60_000;
const atOnceMax = 4;

/**
 * Looks through the inboxes for replies whose webhook never came, at the start and then regularly: Intercom repeats a call
 * only once. What is found takes the way of a webhook from there on; what is known already costs nothing.
 */
export function reconcileLoop(deps: ReconcileDeps): Loop {
  const { store, clock, log, everyMs } = deps;
  const slots = createSlots(atOnceMax);

  return {
    name: 'reconcile',
    async run(signal) {
      let isFirst = true;
      while (!signal.aborted) {
        const startedAtMs = clock.nowMs();
        const states = await store.reconciliation.list();
        const due = states.filter(
          // Another process may have been here; at the start nobody knows how long nothing could come in.
          ({ reconciledAtMs }) => isFirst || reconciledAtMs === null || reconciledAtMs <= startedAtMs - everyMs / 2,
        );
        await Promise.all(due.map((state) => slots.run(() => sweepSafely(deps, state, signal))));
        isFirst = false;
        await clock.sleep(everyMs, signal);
      }
    },
  };

  async function sweepSafely(all: ReconcileDeps, state: ReconcileState, signal: AbortSignal): Promise<void> {
    const { workspaceId } = state;
    const lease = `reconcile:${workspaceId}`;
    if (signal.aborted || !(await store.leases.acquire(lease, leaseMs))) return;
    try {
      await sweep(all, state, signal);
    } catch (cause) {
      // The others are still to be looked through; the next round comes back to this one.
      log.error('reconcile.failed', { err: cause, workspaceId });
    } finally {
      await store.leases.release(lease);
    }
  }
}

async function sweep(deps: ReconcileDeps, state: ReconcileState, signal: AbortSignal): Promise<void> {
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
    if (changed.kind !== 'ok') return giveUp(deps, workspaceId, changed);
    // A credential that was refused and works again: nobody else may ask for a long time.
    if (page === 0 && workspace.record.state === 'broken') await health.markWorkspaceActive(workspaceId);
    for (const link of await store.reconciliation.readLinks(workspaceId, changed.value.conversationIds)) {
      await clock.sleep(paceMs, signal);
      if (signal.aborted || !(await store.leases.acquire(`reconcile:${workspaceId}`, leaseMs))) return;
      const taken = await sweepConversation(deps, workspace, link, sinceMs);
      if (taken.kind !== 'ok') return giveUp(deps, workspaceId, taken);
      found += taken.value;
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

/** Takes in what nobody told us of; resolves with its count. */
async function sweepConversation(
  deps: ReconcileDeps,
  workspace: OpenWorkspace,
  { conversationId, key, linkedAtMs }: LinkedConversation,
  sinceMs: number,
): Promise<InboxOutcome<number>> {
  const { store, directory, inboxKinds, log } = deps;
  const { id: workspaceId, inboxKind, inboxSettings } = workspace.record;
  const open = await directory.channel(key.channelId);
  if (!open) return { kind: 'ok', value: 0 };
  const fromMs = Math.max(sinceMs, linkedAtMs - clockSkewMs);
  const events = await workspace.inbox.recentEvents(conversationId, fromMs, inboxChannelOf(open.record));
  if (events.kind === 'gone') return { kind: 'ok', value: 0 };
  if (events.kind === 'rejected') {
    log.warn('reconcile.unread', { workspaceId, conversationId, detail: events.detail });
    return { kind: 'ok', value: 0 };
  }
  if (events.kind !== 'ok') return events;
  const replies = events.value.flatMap((body) =>
    inboxKinds[inboxKind].decode(body, inboxSettings).flatMap((event) => {
      const entryId = entryIdOf(event);
      return entryId === null ? [] : [{ entryId, body }];
    }),
  );
  const unknown = new Set(
    replies.length === 0
      ? []
      : await store.reconciliation.findUnknownEntries(
          workspaceId,
          replies.map(({ entryId }) => entryId),
        ),
  );
  let taken = 0;
  for (const { entryId, body } of replies) {
    if (!unknown.has(entryId)) continue;
    const isFresh = await store.updates.store({
      workspaceId,
      channelId: null,
      source: inboxKind,
      ownerId: workspaceId,
      externalId: `entry:${entryId}`,
      body,
      laneKey: relayLaneKey(workspaceId, conversationId),
      jobKind: 'inbox-event',
      ignored: null,
    });
    if (isFresh) taken += 1;
  }
  if (taken > 0) deps.onFound();
  return { kind: 'ok', value: taken };
}

/** What is ours by the inbox's own mark needs no second look. */
function entryIdOf(event: InboxEvent): string | null {
  if (event.kind === 'incomplete') return event.reply.entryId;
  return event.kind === 'reply' && !event.reply.markedOurs ? event.reply.entryId : null;
}

/** The position stays: the next round looks as far back again. */
async function giveUp(
  { health, log }: ReconcileDeps,
  workspaceId: string,
  outcome: Exclude<InboxOutcome<unknown>, { kind: 'ok' }>,
): Promise<void> {
  log.warn('reconcile.put_off', { workspaceId, detail: outcome.detail });
  if (outcome.kind === 'broken') await health.markWorkspaceBroken(workspaceId, outcome.detail);
}
