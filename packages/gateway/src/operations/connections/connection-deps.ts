import type { Clock, Random } from '../../ports/clock.ts';
import type { InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { ConnectableKind } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { ConfiguredApp } from './apps.ts';

/** What the operations on connections need. */
export interface ConnectionDeps {
  readonly store: StoreSlice<{ readonly connections: 'insert' | 'read'; readonly workspaces: 'read' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizations: Readonly<Record<ConnectableKind, InboxAuthorization>>;
  /** The app of each kind of inbox that the settings of the gateway name. */
  readonly apps: Readonly<Record<ConnectableKind, ConfiguredApp>>;
  /** The address at which browsers reach this gateway. Null if they do not. */
  readonly publicUrl: string | null;
}
