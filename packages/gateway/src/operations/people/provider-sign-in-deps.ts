import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Visitor } from './find-door.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export interface SignInCaller extends Visitor {
  readonly requestId: string;
}

/** The person's name, the secret of the new session and the device cookie; or why there is none, as a sentence that says what to do. */
export type SignInResult =
  | { readonly name: string; readonly session: string; readonly device: string }
  | { readonly problem: string };

export interface ProviderSignInDeps extends SignInDeps {
  readonly store: SignInDeps['store'] &
    StoreSlice<{ readonly people: 'findByProvider' | 'linkProvider' | 'readByEmail'; readonly audit: 'append' }>;
  readonly provider: IdentityProvider;
  readonly publicUrl: string;
  readonly log: EngineLog;
}
