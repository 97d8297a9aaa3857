import type { Channel } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import type { LimitBounds } from '../assert-grant.ts';
import type { MintKeyDeps } from '../keys/mint-key.ts';
import type { ChannelHealthDeps } from './read-channel-health.ts';

/** What the operations on channels need. */
export interface ChannelDeps extends MintKeyDeps {
  readonly store: MintKeyDeps['store'] &
    StoreSlice<{
      readonly channels: 'insert' | 'read' | 'readByBot' | 'list' | 'update' | 'delete' | 'markActive' | 'recordBot';
      readonly workspaces: 'read' | 'markActive';
      readonly webhookWatches: 'read' | 'save';
    }> &
    ChannelHealthDeps['store'];
  readonly vault: Vault;
  readonly defaults: { readonly apiRoot: string; readonly fileRoot: string };
  readonly bounds: LimitBounds;
  /** The address at which the providers reach this gateway. Null if they do not. */
  readonly publicUrl: string | null;
  readonly channelKind: ChannelKind;
  readonly openRecord: (record: ChannelRecord) => Channel;
  readonly openInbox: (record: WorkspaceRecord) => Inbox;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly onChange: () => void;
}
