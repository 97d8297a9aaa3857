import type { Secret } from './secret.ts';

/** A grant that must be renewed from time to time, as everybody who uses it knows it now. */
export interface GrantState {
  readonly refreshToken: Secret;
  /** Null where none is fit for use any more. */
  readonly access: { readonly token: Secret; readonly remainingMs: number } | null;
}

export interface RenewedAccess {
  readonly token: Secret;
  /** How long it shall be used. */
  readonly lifeMs: number;
  /** The refresh token from now on: the same one, or what took its place. */
  readonly refreshToken: Secret;
}

/** The one right to renew a grant, until it runs out. */
export interface GrantClaim {
  /** As the grant was when the right was taken: what is renewed. */
  readonly state: GrantState;
  /** Durable when it resolves, and ends the claim; false where the claim or the grant was lost: then it counts for nothing. */
  renew(renewed: RenewedAccess): Promise<boolean>;
  /** Gives the right back, with nothing new. */
  release(): Promise<void>;
}

/** A workspace's grant, shared by all replicas: one of them renews it, and the others take what it got. */
export interface Grant {
  /** Null where the workspace is gone. */
  read(): Promise<GrantState | null>;
  /** Null while somebody else has the right. */
  claim(forMs: number): Promise<GrantClaim | null>;
}
