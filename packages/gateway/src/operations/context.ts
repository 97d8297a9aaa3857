import type { Problem } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import type { KeyRecord } from '../store/keys.ts';

/** What an operation knows of its request besides the validated input. */
export interface RequestContext {
  readonly requestId: string;
  /** Who calls; null where anyone may. */
  readonly principal: Principal | null;
  /** The API key that was presented; null where something else was. */
  readonly key: KeyRecord | null;
  /** Unknown fields that were left out. */
  readonly warnings: readonly Problem[];
  readonly idempotencyKey: string | null;
  /** Says that the answer is that of an earlier request with the same Idempotency-Key. */
  readonly markReplayed: () => void;
  /** Of the caller, as the configured proxies tell. */
  readonly address: string;
  readonly userAgent: string | null;
  /** The session that the caller's browser presented; null where something else was. */
  readonly sessionId: string | null;
  /** Gives the browser a session to present from now on; null takes it away. */
  readonly giveSession: (secret: string | null) => void;
}

/** The presented key of an operation that cannot be called without one. */
export function keyOf(context: RequestContext): KeyRecord {
  if (!context.key) throw new Error('an operation with a send key was called without one');
  return context.key;
}

/** Who calls an operation that not anyone may call. */
export function principalOf(context: RequestContext): Principal {
  if (!context.principal) throw new Error('an operation that asks who calls was called by nobody');
  return context.principal;
}
