import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { BeginSessionDeps } from './begin-session.ts';
import type { Throttle } from './throttle.ts';

/** The dependencies of the operations with which people sign in and manage their own account. */
export interface SignInDeps extends BeginSessionDeps {
  readonly store: StoreSlice<{
    readonly people:
      | 'claimInstallation'
      | 'acceptInvitation'
      | 'read'
      | 'readByEmail'
      | 'readInvited'
      | 'setPassword'
      | 'setTotp'
      | 'useTotpStep';
    readonly sessions: 'insert' | 'list' | 'end';
  }>;
  readonly credentials: PersonCredentials;
  readonly throttle: Throttle;
  readonly vault: Vault;
}
