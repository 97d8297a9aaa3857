import type { Clock, Random } from '../../ports/clock.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import type { TryInbox } from './try-inbox.ts';

/** What the operations on workspaces need. */
export interface WorkspaceDeps {
  readonly store: StoreSlice<{
    readonly workspaces: 'insert' | 'read' | 'list' | 'update' | 'delete';
    readonly lanes: 'wake';
  }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly tryInbox: TryInbox;
  readonly openInbox: (record: WorkspaceRecord) => Inbox;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly deleteChannelsOf: (workspaceId: string) => Promise<void>;
  /** The address at which the inboxes reach this gateway. Null if they do not. */
  readonly publicUrl: string | null;
  /** Called after a change, so that caches are read again. */
  readonly onChange: () => void;
}
