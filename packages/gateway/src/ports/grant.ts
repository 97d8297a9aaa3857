import type { BoundSecret } from './secret.ts';

/** A grant that must be renewed from time to time, in its current state. */
export interface GrantState {
  readonly refreshToken: BoundSecret;
  /** Null if there is none that can still be used. */
  readonly access: { readonly token: BoundSecret; readonly remainingMs: number } | null;
}

export interface RenewedAccess {
  readonly token: BoundSecret;
  /** How long it may be used. */
  readonly lifeMs: number;
  /** The refresh token from now on: the same one, or its replacement. */
  readonly refreshToken: BoundSecret;
}

/** The right to renew a grant, which one process has until it runs out. */
export interface GrantClaim {
  /** The grant when the right was taken: what is renewed. */
  readonly state: GrantState;
  /** Durable when it resolves, and ends the claim; false if the claim or the grant was lost: then nothing was stored. */
  renew(renewed: RenewedAccess): Promise<boolean>;
  /** Gives the right back without a renewal. */
  release(): Promise<void>;
}

/** A workspace's grant, shared by all replicas: one of them renews it, and the others use what it got. */
export interface Grant {
  /** Null if the workspace is gone. */
  read(): Promise<GrantState | null>;
  /** Null while another process has the right. */
  claim(forMs: number): Promise<GrantClaim | null>;
}
