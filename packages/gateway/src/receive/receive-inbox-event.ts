import type { OpenWorkspace } from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { StoreSlice } from '../store/store.ts';
import { relayLaneKey, type UpdateRow } from '../store/updates.ts';

export interface TakeInInboxDeps {
  readonly store: StoreSlice<{ readonly updates: 'store' }>;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  /** There is something to relay. */
  readonly onStored: (workspace: OpenWorkspace) => void;
}

/** Takes a verified event of an inbox in: durable when it resolves, understood later in its conversation's lane. */
export function createTakeInInboxEvent(
  deps: TakeInInboxDeps,
): (workspace: OpenWorkspace, raw: Buffer) => Promise<void> {
  return async (workspace, raw) => {
    const { record } = workspace;
    const identity = deps.inboxKinds[record.inboxKind].identify(raw);
    const conversationId = 'malformed' in identity ? null : identity.conversationId;
    // Of the conversation of a customer who was erased nothing is kept, however late it is told.
    const isErased =
      conversationId !== null && (await deps.erasures.erasedAtMs(record.id, 'conversation', conversationId)) !== null;
    if (isErased) return;
    const base = {
      workspaceId: record.id,
      channelId: null,
      source: record.inboxKind,
      ownerId: record.id,
      body: raw,
      jobKind: 'inbox-event',
    } as const;
    const row: UpdateRow =
      'malformed' in identity
        ? { ...base, externalId: `malformed:${identity.fingerprint}`, laneKey: null, ignored: identity.malformed }
        : {
            ...base,
            externalId: `event:${identity.eventId}`,
            laneKey: relayLaneKey(record.id, identity.conversationId),
            ignored: null,
          };
    if (await deps.store.updates.store(row)) deps.onStored(workspace);
  };
}
