import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { Secret } from '../../ports/secret.ts';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);
const scope = 'openid email profile';

/** HTTPS only, but for a provider on this very machine. The provider is asked what it can at the first sign-in, and again after a failure. */
export function createOpenIdConnect(client: {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** All calls to the provider go through it. */
  readonly fetch: CustomFetch;
}): IdentityProvider {
  const issuer = new URL(client.issuer);
  const isLocal = issuer.protocol === 'http:' && loopback.has(issuer.hostname);
  let known: Promise<Configuration> | null = null;

  const configuration = (): Promise<Configuration> => {
    known ??= discovery(issuer, client.clientId, client.clientSecret.reveal(), undefined, {
      [customFetch]: client.fetch,
      ...(isLocal ? { execute: [allowInsecureRequests] } : {}),
    }).catch((cause: unknown) => {
      known = null;
      throw cause;
    });
    return known;
  };

  return {
    async begin(redirectUri) {
      const secrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secrets };
    },
    async finish(returnUrl, secrets) {
      const tokens = await authorizationCodeGrant(await configuration(), new URL(returnUrl), {
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        pkceCodeVerifier: secrets.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the provider gave no ID token');
      const { email } = claims;
      const isVouchedFor = typeof email === 'string' && claims['email_verified'] === true;
      return { issuer: claims.iss, subject: claims.sub, verifiedEmail: isVouchedFor ? email.toLowerCase() : null };
    },
  };
}
