/** Who somebody is, by the word of a provider that the operator trusts. */
export interface ProvenIdentity {
  /** The issuer and the subject name somebody for ever; an e-mail address may change hands. */
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; null where the provider does not vouch for it. */
  readonly verifiedEmail: string | null;
}

/** What the browser that set out must bring back. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Sign-in by OpenID Connect: authorization code with PKCE. */
export interface IdentityProvider {
  /** Where the browser goes. Rejects where the provider cannot be reached. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly secrets: SignInSecrets }>;
  /** Who came back, by `returnUrl` with everything behind it. Rejects for anything that is not as it was begun. */
  finish(returnUrl: string, secrets: SignInSecrets): Promise<ProvenIdentity>;
}
