import type { Clock, Random } from '../../ports/clock.ts';
import type { InboxKind } from '../../ports/inbox.ts';
import type { InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { AppDefaults } from './apps.ts';

/** What the operations on connections need. */
export interface ConnectionDeps {
  readonly store: StoreSlice<{ readonly connections: 'insert' | 'read'; readonly workspaces: 'read' }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizations: Readonly<Record<InboxKind['kind'], InboxAuthorization>>;
  readonly appDefaults: AppDefaults;
  /** The address at which browsers reach this gateway. Null where they do not. */
  readonly publicUrl: string | null;
}
