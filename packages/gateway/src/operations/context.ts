import type { Problem } from '@chatferry/contract';
import type { KeyRecord } from '../store/keys.ts';

/** What an operation knows of its request besides the validated input. */
export interface RequestContext {
  readonly requestId: string;
  /** The key that was presented; null where the operation takes none. */
  readonly key: KeyRecord | null;
  /** Unknown fields that were left out. */
  readonly warnings: readonly Problem[];
  readonly idempotencyKey: string | null;
  /** Says that the answer is that of an earlier request with the same Idempotency-Key. */
  readonly markReplayed: () => void;
  /** Of the caller, as the configured proxies tell. */
  readonly address: string;
}

/** The presented key of an operation that cannot be called without one. */
export function keyOf(context: RequestContext): KeyRecord {
  if (!context.key) throw new Error('an operation with a send key was called without one');
  return context.key;
}
