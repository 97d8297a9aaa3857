import type { Problem } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import type { KeyRecord } from '../store/keys.ts';

/** The facts about a request that an operation gets besides the validated input. */
export interface RequestContext {
  readonly requestId: string;
  /** The caller. Null for an operation that needs no credential. */
  readonly principal: Principal | null;
  /** The API key that the caller presented. Null for another credential. */
  readonly key: KeyRecord | null;
  /** Unknown fields, which were ignored. */
  readonly warnings: readonly Problem[];
  readonly idempotencyKey: string | null;
  /** Marks the answer as that of an earlier request with the same Idempotency-Key. */
  readonly markReplayed: () => void;
  /** The caller's address, as the configured proxies report it. */
  readonly address: string;
  /** The address is that of a proxy that the settings do not name, so that many callers share it. */
  readonly sharesAddress: boolean;
  readonly userAgent: string | null;
  /** The session that the caller's browser presented. Null for another credential. */
  readonly sessionId: string | null;
  /** Sets the session cookie of the browser. Null removes it. */
  readonly giveSession: (secret: string | null) => void;
  /** The cookie by which a browser is known after a sign-in. Null without one. Not judged yet. */
  readonly device: string | null;
  /** Sets the cookie by which the browser is known from now on. */
  readonly giveDevice: (cookie: string) => void;
}

/** The caller's API key, for an operation that cannot be called without one. */
export function requireKey(context: RequestContext): KeyRecord {
  if (!context.key) throw new Error('an operation that needs an API key was called without one');
  return context.key;
}

/** The caller, for an operation that needs a credential. */
export function requirePrincipal(context: Pick<RequestContext, 'principal'>): Principal {
  if (!context.principal) throw new Error('an operation that needs a credential was called without one');
  return context.principal;
}
