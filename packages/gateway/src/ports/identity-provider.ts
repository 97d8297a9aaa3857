/** A person's identity, as a provider that the operator trusts confirms it. */
export interface ProvenIdentity {
  /** The issuer and the subject identify a person permanently; an e-mail address may pass to another person. */
  readonly issuer: string;
  readonly subject: string;
  /** ASCII, in lower case; null if the provider has not verified it, or if it has other characters. */
  readonly verifiedEmail: string | null;
}

/** What the browser must bring back for the sign-in to count. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Sign-in by OpenID Connect: authorization code with PKCE. */
export interface IdentityProvider {
  /** Where the browser goes. Rejects where the provider cannot be reached. */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly secrets: SignInSecrets }>;
  /** The person who came back to `returnUrl`, given with its query. Rejects what does not match the begun sign-in. */
  finish(returnUrl: string, secrets: SignInSecrets): Promise<ProvenIdentity>;
}
