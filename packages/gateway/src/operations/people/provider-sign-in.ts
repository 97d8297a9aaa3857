import type { Clock } from '../../ports/clock.ts';
import type { IdentityProvider, ProvenIdentity, SignInSecrets } from '../../ports/identity-provider.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import { type BeginSessionDeps, beginSession } from './begin-session.ts';

/** Sign-in by the operator’s identity provider, as a browser goes through it. */
export interface ProviderSignIn {
  /** The address that the browser opens next, and the cookie that it must bring back. Null if the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly cookie: string } | null>;
  /** The person's name and the secret of the new session; or why there is none, as a sentence that says what to do. */
  finish(returned: ReturnedBrowser, caller: SignInCaller): Promise<SignInResult>;
}

/** What the browser brings back from the provider. */
interface ReturnedBrowser {
  readonly query: string;
  readonly cookie: string | null;
}

interface SignInCaller {
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string | null;
}

type SignInResult = { readonly name: string; readonly session: string } | { readonly problem: string };

export interface ProviderSignInDeps extends BeginSessionDeps {
  readonly store: StoreSlice<{
    readonly people: 'findByProvider';
    readonly audit: 'append';
    readonly sessions: 'insert';
  }>;
  readonly provider: IdentityProvider;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: EngineLog;
}

export const callbackPath = '/sign-in/oidc/callback';
/** How long a person may take at the provider, to type a password and a code. */
const signInLifeMs = 10 * 60_000;
const sealContext = 'sign-in|oidc';

export const createProviderSignIn = (deps: ProviderSignInDeps): ProviderSignIn => ({
  begin: () => beginProviderSignIn(deps),
  finish: (returned, caller) => finishProviderSignIn(deps, returned, caller),
});

async function beginProviderSignIn({
  provider,
  publicUrl,
  vault,
  clock,
  log,
}: ProviderSignInDeps): Promise<{ readonly url: string; readonly cookie: string } | null> {
  try {
    const { url, secrets } = await provider.begin(`${publicUrl}${callbackPath}`);
    const untilMs = clock.nowMs() + signInLifeMs;
    return { url, cookie: vault.seal(JSON.stringify({ ...secrets, untilMs }), sealContext).toString('base64url') };
  } catch (err) {
    log.error('sign_in.provider_away', { err });
    return null;
  }
}

async function finishProviderSignIn(
  deps: ProviderSignInDeps,
  { query, cookie }: ReturnedBrowser,
  caller: SignInCaller,
): Promise<SignInResult> {
  const { store } = deps;
  const secrets = openCookie(deps, cookie);
  if (secrets === null) {
    return { problem: 'This sign-in took too long, or began in another browser. Begin again at /sign-in/oidc.' };
  }
  const identity = await readIdentity(deps, query, secrets);
  if (identity === null) {
    return {
      problem:
        'The identity provider did not confirm who you are. Begin again at /sign-in/oidc; the gateway’s log says more.',
    };
  }
  const person = await store.people.findByProvider(identity);
  // Stored before the session: a sign-in that cannot be recorded does not happen.
  await store.audit.append({
    ...auditEntryOf(caller),
    object: person?.id ?? null,
    status: person === null ? 403 : 200,
  });
  if (person === null) {
    return {
      problem:
        'The identity provider knows you, but you have no account here. Ask an owner or admin to invite the e-mail address that the provider has verified.',
    };
  }
  return { name: person.name, session: await beginSession(deps, person.id, caller) };
}

/** Null for a cookie that is absent, too old, or not made here. */
function openCookie({ vault, clock }: ProviderSignInDeps, cookie: string | null): SignInSecrets | null {
  if (cookie === null) return null;
  try {
    const { untilMs, ...secrets } = JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), sealContext));
    return clock.nowMs() < untilMs ? secrets : null;
  } catch {
    return null;
  }
}

/** Null if the provider refuses, or if the answer is not the one that was asked for. */
async function readIdentity(
  { provider, publicUrl, log }: ProviderSignInDeps,
  query: string,
  secrets: SignInSecrets,
): Promise<ProvenIdentity | null> {
  try {
    return await provider.finish(`${publicUrl}${callbackPath}${query}`, secrets);
  } catch (err) {
    log.warn('sign_in.refused', { err });
    return null;
  }
}

const auditEntryOf = ({ requestId, address }: SignInCaller) =>
  ({
    requestId,
    address,
    phase: 'ended',
    actorKind: 'nobody',
    actorId: 'nobody',
    action: 'signInByProvider',
    workspaceId: null,
    fields: [],
  }) as const;
