import type { ProvenIdentity, SignInSecrets } from '../../ports/identity-provider.ts';
import type { PersonRecord } from '../../store/people.ts';
import { type LinkOffer, type LinkProof, linkAccount, offerLink, type WrongProof } from './link-account.ts';
import { openProviderSession } from './open-provider-session.ts';
import type { ProviderSignInDeps, SignInCaller, SignInResult } from './provider-sign-in-deps.ts';

/** Sign-in by the operator’s identity provider, as a browser goes through it. */
export interface ProviderSignIn {
  /** The address that the browser opens next, and the cookie that it must bring back. Null if the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly cookie: string } | null>;
  finish(returned: ReturnedBrowser, caller: SignInCaller): Promise<SignInResult | LinkOffer>;
  /** Links an account that has a password, after the person has given it. Throws RATE_LIMITED after too many failures. */
  link(proof: LinkProof, caller: SignInCaller): Promise<SignInResult | WrongProof>;
}

/** What the browser brings back from the provider. */
interface ReturnedBrowser {
  readonly query: string;
  readonly cookie: string | null;
}

export const callbackPath = '/sign-in/oidc/callback';
/** How long a person may take at the provider, to type a password and a code. */
const signInLifeMs = 10 * 60_000;
const sealContext = 'sign-in|oidc';

export const createProviderSignIn = (deps: ProviderSignInDeps): ProviderSignIn => ({
  begin: () => beginProviderSignIn(deps),
  finish: (returned, caller) => finishProviderSignIn(deps, returned, caller),
  link: (proof, caller) => linkAccount(deps, proof, caller),
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
): Promise<SignInResult | LinkOffer> {
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
  const linked = await deps.store.people.findByProvider(identity);
  if (linked !== null) return openProviderSession(deps, linked, caller);
  const named = await findUnlinked(deps, identity);
  if (named === null) return openProviderSession(deps, null, caller);
  // Its person knows the password. The address alone proves too little: it may have passed to another person.
  if (named.password !== null) return offerLink(deps, identity, named);
  return openProviderSession(deps, await deps.store.people.linkProvider(named.id, identity, null), caller);
}

/** The person with the verified address, who is linked with no identity yet. */
async function findUnlinked(
  { store }: ProviderSignInDeps,
  { verifiedEmail }: ProvenIdentity,
): Promise<PersonRecord | null> {
  const named = verifiedEmail === null ? null : await store.people.readByEmail(verifiedEmail);
  return named === null || named.isLinked || named.disabledAt !== null ? null : named;
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
