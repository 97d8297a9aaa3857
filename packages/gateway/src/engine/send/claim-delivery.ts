import type { HeldKey, KeyClaim } from '../../store/idempotency.ts';
import type { MessageRecord, MessageScope } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';

export type ClaimStore = StoreSlice<{
  readonly idempotency: 'claim' | 'readHeld' | 'takeOver' | 'release';
  readonly messages: 'read';
}>;

/** What claiming a delivery's key came to. */
export type DeliveryClaim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'mismatch' }
  /** An earlier claim is at work, or may be. */
  | { readonly kind: 'in-progress' }
  /** It was decided that it is not delivered, for the reason that was stored as its answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'settled'; readonly message: MessageRecord; readonly held: HeldKey };

/** A delivery that came to this left nothing behind at Telegram, so its key may try afresh. */
const releasing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'RATE_LIMITED']);

/** Whether a delivery with this failure gives its key back. */
export const releasesKey = (failureName: string): boolean => releasing.has(failureName);

/**
 * Claims the key under which something is delivered at most once: a caller's Idempotency-Key, or the inbox's id of an
 * agent's reply. Takes a key over only from what surely came to nothing.
 */
export async function claimDelivery(store: ClaimStore, claim: KeyClaim, scope: MessageScope): Promise<DeliveryClaim> {
  try {
    return await claimOrRead(store, claim, scope);
  } catch (cause) {
    // The claim may be durable though its answer got lost, and nobody would be at work with the key.
    await store.idempotency.release(claim.name, claim.requestId);
    throw cause;
  }
}

async function claimOrRead(store: ClaimStore, claim: KeyClaim, scope: MessageScope): Promise<DeliveryClaim> {
  const held = await store.idempotency.claim(claim);
  if (!held) return { kind: 'claimed' };
  const earlier = await judge(store, held, claim.fingerprint, scope);
  if (earlier !== null) return earlier;
  return (await store.idempotency.takeOver(claim, held)) ? { kind: 'claimed' } : { kind: 'in-progress' };
}

type EarlierDelivery = Exclude<DeliveryClaim, { readonly kind: 'claimed' }>;

/** What an earlier claim of the key came to, without claiming it; null where there is none, or nothing came of it. */
export async function findDelivery(
  store: ClaimStore,
  { name, fingerprint }: Pick<KeyClaim, 'name' | 'fingerprint'>,
  scope: MessageScope,
): Promise<EarlierDelivery | null> {
  const held = await store.idempotency.readHeld(name);
  return held && judge(store, held, fingerprint, scope);
}

async function judge(
  store: ClaimStore,
  held: HeldKey,
  fingerprint: Buffer,
  scope: MessageScope,
): Promise<EarlierDelivery | null> {
  if (!held.fingerprint.equals(fingerprint)) return { kind: 'mismatch' };
  if (held.answer !== null) return { kind: 'refused', reason: held.answer.toString('utf8') };
  const message = held.messageId === null ? null : await store.messages.read(scope, held.messageId);
  const isAtWork = message ? message.state === 'sending' || message.state === 'pending' : held.ownerAlive;
  if (isAtWork) return { kind: 'in-progress' };
  if (message && !(message.failure !== null && message.state === 'failed' && releasesKey(message.failure.name))) {
    return { kind: 'settled', message, held };
  }
  return null;
}
