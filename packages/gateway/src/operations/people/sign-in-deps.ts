import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { BeginSessionDeps } from './begin-session.ts';
import { createDevices, type Devices } from './devices.ts';
import { type CredentialsFor, limitHashing } from './limit-hashing.ts';
import { createThrottle, type Throttle, type ThrottleStore } from './throttle.ts';

/** The dependencies of the operations with which people sign in and manage their own account. */
export interface SignInDeps extends BeginSessionDeps {
  readonly store: StoreSlice<{
    readonly people:
      | 'claimInstallation'
      | 'acceptInvitation'
      | 'linkProvider'
      | 'read'
      | 'readByEmail'
      | 'readInvited'
      | 'setPassword';
    readonly secondFactors: 'storePending' | 'readPending' | 'confirm' | 'remove' | 'useStep' | 'takeTry' | 'passTry';
    readonly sessions: 'insert' | 'list' | 'end';
  }>;
  readonly credentialsFor: CredentialsFor;
  readonly throttle: Throttle;
  readonly devices: Devices;
  /** Looks a token up for a stranger. Throws RATE_LIMITED after too many unknown ones. */
  readonly lookUpForStranger: <T>(
    guess: { readonly name: string; readonly address: string },
    load: () => Promise<T | null>,
  ) => Promise<T | null>;
  readonly vault: Vault;
  /** Removes the file with the token for the first owner. */
  readonly dropClaim: () => Promise<void>;
}

/** Builds what all ways to sign in share: they count failures together. */
export function openSignIn({
  credentials,
  deviceKey,
  ...deps
}: Omit<SignInDeps, 'throttle' | 'devices' | 'credentialsFor'> & {
  readonly store: ThrottleStore;
  readonly credentials: PersonCredentials;
  readonly deviceKey: Buffer;
}): SignInDeps {
  const { clock, random } = deps;
  return {
    ...deps,
    credentialsFor: limitHashing(credentials),
    throttle: createThrottle(deps.store),
    devices: createDevices({ key: deviceKey, clock, random }),
  };
}
