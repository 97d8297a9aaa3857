import type { InboxEvent } from '../../core/inbox/inbox-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxOutcome } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { LinkedConversation } from '../../store/reconciliation.ts';
import type { StoreSlice } from '../../store/store.ts';
import { relayLaneKey } from '../../store/updates.ts';
import type { Directory, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';

export interface ReconcileConversationDeps {
  readonly store: StoreSlice<{
    readonly reconciliation: 'findUnknownEntries';
    readonly updates: 'store';
  }>;
  readonly directory: Directory;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Called when a missed reply waits to be relayed. */
  readonly onFound: () => void;
}

/** The inbox's clock and the database's may differ by this much. */
const clockSkewMs = 60_000;

interface FoundReply {
  readonly entryId: string;
  readonly body: Buffer;
}

/** Receives the replies of a conversation whose events did not arrive. Resolves with their number. */
export async function reconcileConversation(
  deps: ReconcileConversationDeps,
  workspace: OpenWorkspace,
  { conversationId, key, linkedAtMs }: LinkedConversation,
  sinceMs: number,
): Promise<InboxOutcome<number>> {
  const { store, directory, log } = deps;
  const { id: workspaceId } = workspace.record;
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
  const replies = events.value.flatMap((body) => repliesIn(deps, workspace, body));
  if (replies.length === 0) return { kind: 'ok', value: 0 };
  const entryIds = replies.map(({ entryId }) => entryId);
  const unknown = new Set(await store.reconciliation.findUnknownEntries(workspaceId, entryIds));
  let received = 0;
  for (const reply of replies) {
    if (unknown.has(reply.entryId) && (await storeReply(deps, workspace, conversationId, reply))) received += 1;
  }
  if (received > 0) deps.onFound();
  return { kind: 'ok', value: received };
}

const repliesIn = (
  { inboxKinds }: ReconcileConversationDeps,
  { record }: OpenWorkspace,
  body: Buffer,
): readonly FoundReply[] =>
  inboxKinds[record.inboxKind].decode(body, record.inboxSettings).flatMap((event) => {
    const entryId = entryIdOf(event);
    return entryId === null ? [] : [{ entryId, body }];
  });

/** An entry that the inbox itself marks as the gateway's own needs no second look. */
function entryIdOf(event: InboxEvent): string | null {
  if (event.kind === 'incomplete') return event.reply.entryId;
  return event.kind === 'reply' && !event.reply.markedOurs ? event.reply.entryId : null;
}

/** False if the reply was stored before. */
const storeReply = (
  { store }: ReconcileConversationDeps,
  { record: { id: workspaceId, inboxKind } }: OpenWorkspace,
  conversationId: string,
  { entryId, body }: FoundReply,
): Promise<boolean> =>
  store.updates.store({
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
