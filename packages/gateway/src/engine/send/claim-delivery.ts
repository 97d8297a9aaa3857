import { createHash } from 'node:crypto';
import type { HeldKey, KeyClaim, KeyName } from '../../store/idempotency.ts';
import type { MessageRecord, MessageScope } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';

export type ClaimStore = StoreSlice<{
  readonly idempotency: 'claim' | 'readHeld' | 'takeOver' | 'release';
  readonly messages: 'read';
}>;

/** What claiming the key of a delivery led to. */
export type DeliveryClaim =
  | { readonly kind: 'claimed' }
  /** The key was used for another message. */
  | { readonly kind: 'mismatch' }
  /** An earlier claim is at work, or may be. */
  | { readonly kind: 'in-progress' }
  /** The delivery was refused for good. The reason was stored as the key's answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** An earlier delivery with this key ended with this message. */
  | { readonly kind: 'delivered-before'; readonly message: MessageRecord; readonly held: HeldKey };

/** Failures after which nothing is left at Telegram, so that the key may be used again. */
const retryableFailures: ReadonlySet<string> = new Set(['UNAVAILABLE', 'RATE_LIMITED']);

/** Whether a delivery that failed like this releases its key. */
export const releasesKey = (failureName: string): boolean => retryableFailures.has(failureName);

/**
 * Claims the key under which something is delivered at most once: a caller's Idempotency-Key, or the inbox's id of an
 * agent's reply. Takes over a key only when the earlier delivery surely sent nothing.
 */
export async function claimDelivery(store: ClaimStore, claim: KeyClaim, scope: MessageScope): Promise<DeliveryClaim> {
  try {
    return await claimOrRead(store, claim, scope);
  } catch (cause) {
    // The claim may be durable although its answer was lost. Then no request would work with the key.
    await store.idempotency.release(claim.name, claim.requestId);
    throw cause;
  }
}

/** What names a delivery that is identified by its key alone. */
export interface OnceKey {
  readonly name: KeyName;
  readonly workspaceId: string;
  readonly channelId: string;
  readonly requestId: string;
  readonly epoch: number;
}

/** Claims a key that stands for one message: its fingerprint is that of the key itself. */
export function claimOnce(store: ClaimStore, once: OnceKey): Promise<DeliveryClaim> {
  return claimDelivery(store, onceClaim(once), once);
}

/** Finds what an earlier claim of such a key led to, without claiming it. Null if there is none, or if it sent nothing. */
export function findOnce(store: ClaimStore, once: OnceKey): Promise<EarlierDelivery | null> {
  return findDelivery(store, onceClaim(once), once);
}

const onceClaim = ({ name, workspaceId, requestId, epoch }: OnceKey): KeyClaim => ({
  name,
  workspaceId,
  fingerprint: createHash('sha256').update(name.key).digest(),
  requestId,
  epoch,
  warnings: [],
});

async function claimOrRead(store: ClaimStore, claim: KeyClaim, scope: MessageScope): Promise<DeliveryClaim> {
  const held = await store.idempotency.claim(claim);
  if (!held) return { kind: 'claimed' };
  const earlier = await judgeEarlierClaim(store, held, claim, scope);
  if (earlier !== null) return earlier;
  return (await store.idempotency.takeOver(claim, held)) ? { kind: 'claimed' } : { kind: 'in-progress' };
}

export type EarlierDelivery = Exclude<DeliveryClaim, { readonly kind: 'claimed' }>;

/** Finds what an earlier claim of the key led to, without claiming it. Null if there is none, or if it sent nothing. */
export async function findDelivery(
  store: ClaimStore,
  claim: Pick<KeyClaim, 'name' | 'fingerprint' | 'earlierFingerprint'>,
  scope: MessageScope,
): Promise<EarlierDelivery | null> {
  const held = await store.idempotency.readHeld(claim.name);
  return held && judgeEarlierClaim(store, held, claim, scope);
}

/** Whether the key was used for the same body. The earlier digest is made only where the present one differs. */
const isSameBody = (
  held: HeldKey,
  { fingerprint, earlierFingerprint }: Pick<KeyClaim, 'fingerprint' | 'earlierFingerprint'>,
): boolean => held.fingerprint.equals(fingerprint) || earlierFingerprint?.().equals(held.fingerprint) === true;

async function judgeEarlierClaim(
  store: ClaimStore,
  held: HeldKey,
  claim: Pick<KeyClaim, 'fingerprint' | 'earlierFingerprint'>,
  scope: MessageScope,
): Promise<EarlierDelivery | null> {
  if (!isSameBody(held, claim)) return { kind: 'mismatch' };
  if (held.answer !== null) return { kind: 'refused', reason: held.answer.toString('utf8') };
  const message = held.messageId === null ? null : await store.messages.read(scope, held.messageId);
  // Its request ended when it was stored, whatever happened to it at its time.
  if (message !== null && message.sendAt !== null) return { kind: 'delivered-before', message, held };
  const isAtWork = message ? message.state === 'sending' || message.state === 'pending' : held.ownerAlive;
  if (isAtWork) return { kind: 'in-progress' };
  if (message && !(message.failure !== null && message.state === 'failed' && releasesKey(message.failure.name))) {
    return { kind: 'delivered-before', message, held };
  }
  return null;
}
