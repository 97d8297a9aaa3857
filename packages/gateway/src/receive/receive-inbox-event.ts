import type { OpenWorkspace } from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { StoreSlice } from '../store/store.ts';
import { relayLaneKey, type UpdateRow } from '../store/updates.ts';

type EventIdentity = ReturnType<InboxKind['identify']>;

export interface InboxEventDeps {
  readonly store: StoreSlice<{ readonly updates: 'store' }>;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** Called when there is something to relay. */
  readonly onStored: (workspace: OpenWorkspace) => void;
}

/** Stores a verified event of an inbox. It is durable when it resolves, and is interpreted later in its conversation's lane. */
export async function receiveInboxEvent(deps: InboxEventDeps, workspace: OpenWorkspace, raw: Buffer): Promise<void> {
  const identity = deps.inboxKinds[workspace.record.inboxKind].identify(raw);
  if (await isErased(deps, workspace, identity)) return;
  if (await deps.store.updates.store(toRow(workspace, identity, raw))) deps.onStored(workspace);
}

/** Nothing of an erased customer's conversation is stored, however late its event arrives. */
async function isErased(
  { erasures }: InboxEventDeps,
  { record }: OpenWorkspace,
  identity: EventIdentity,
): Promise<boolean> {
  if ('malformed' in identity || identity.conversationId === null) return false;
  return (await erasures.erasedAtMs(record.id, 'conversation', identity.conversationId)) !== null;
}

function toRow({ record }: OpenWorkspace, identity: EventIdentity, raw: Buffer): UpdateRow {
  const base = {
    workspaceId: record.id,
    channelId: null,
    source: record.inboxKind,
    ownerId: record.id,
    body: raw,
    jobKind: 'inbox-event',
  } as const;
  if ('malformed' in identity) {
    return { ...base, externalId: `malformed:${identity.fingerprint}`, laneKey: null, ignored: identity.malformed };
  }
  return {
    ...base,
    externalId: `event:${identity.eventId}`,
    laneKey: relayLaneKey(record.id, identity.conversationId),
    ignored: null,
  };
}
