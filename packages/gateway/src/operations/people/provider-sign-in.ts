import type { Clock } from '../../ports/clock.ts';
import type { IdentityProvider, SignInSecrets } from '../../ports/identity-provider.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { BeginSession } from './begin-session.ts';

/** Sign-in by the operator’s identity provider, as a browser goes through it. */
export interface ProviderSignIn {
  /** Where to send the browser, and what it must bring back in a cookie. Null where the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly cookie: string } | null>;
  /** `name` where they are in, with the secret of the session; else why not, as a sentence with what to do. */
  finish(
    returned: { readonly query: string; readonly cookie: string | null },
    from: { readonly requestId: string; readonly address: string; readonly userAgent: string | null },
  ): Promise<{ readonly name: string; readonly session: string } | { readonly problem: string }>;
}

export const callbackPath = '/sign-in/oidc/callback';
/** Somebody types a password and a code at the provider meanwhile. */
const patienceMs = 10 * 60_000;
const context = 'sign-in|oidc';

export function createProviderSignIn(deps: {
  readonly store: StoreSlice<{ readonly people: 'findByProvider'; readonly audit: 'append' }>;
  readonly provider: IdentityProvider;
  readonly vault: Vault;
  readonly beginSession: BeginSession;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: EngineLog;
}): ProviderSignIn {
  const { store, provider, vault, beginSession, publicUrl, clock, log } = deps;
  const redirectUri = `${publicUrl}${callbackPath}`;

  const secretsIn = (cookie: string | null): SignInSecrets | null => {
    if (cookie === null) return null;
    try {
      const { untilMs, ...secrets } = JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), context));
      return clock.nowMs() < untilMs ? secrets : null;
    } catch {
      return null;
    }
  };

  return {
    async begin() {
      try {
        const { url, secrets } = await provider.begin(redirectUri);
        const untilMs = clock.nowMs() + patienceMs;
        return { url, cookie: vault.seal(JSON.stringify({ ...secrets, untilMs }), context).toString('base64url') };
      } catch (err) {
        log.error('sign_in.provider_away', { err });
        return null;
      }
    },
    async finish({ query, cookie }, from) {
      const secrets = secretsIn(cookie);
      if (secrets === null)
        return {
          problem: 'This sign-in took too long, or was begun in another browser. Begin again at /sign-in/oidc.',
        };
      let identity: Awaited<ReturnType<IdentityProvider['finish']>>;
      try {
        identity = await provider.finish(`${redirectUri}${query}`, secrets);
      } catch (err) {
        log.warn('sign_in.refused', { err });
        return {
          problem:
            'The identity provider did not confirm who you are. Begin again at /sign-in/oidc; the gateway’s log says more.',
        };
      }
      const person = await store.people.findByProvider(identity);
      await store.audit.append({ ...signInBy(from), object: person?.id ?? null, status: person === null ? 403 : 200 });
      if (person === null) {
        return {
          problem:
            'You are known to the identity provider and have no account here. Ask an owner or admin to invite the e-mail address that the provider has verified.',
        };
      }
      return { name: person.name, session: await beginSession(person.id, from) };
    },
  };
}

/** Written down before there is a session: what cannot be written down does not happen. */
const signInBy = ({ requestId, address }: { readonly requestId: string; readonly address: string }) =>
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
