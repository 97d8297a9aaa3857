import type { Problem } from '@chatferry/contract';
import { claimDelivery, type EarlierDelivery, findDelivery } from '../engine/send/claim-delivery.ts';
import type { KeyName } from '../store/idempotency.ts';
import type { MessageRecord } from '../store/messages.ts';
import { ApiError } from './api-error.ts';
import type { RequestContext } from './context.ts';
import { earlierFingerprintOf, fingerprintOf, type IdempotencyDeps, inProgress } from './idempotency-deps.ts';
import { type KeyedRequest, runOnce } from './run-once.ts';

/** The result of an earlier send with the same key. */
export interface ReplayedSend {
  readonly message: MessageRecord;
  readonly requestId: string;
  readonly warnings: readonly Problem[];
}

export type SendClaim =
  | { readonly kind: 'claimed'; readonly name: KeyName }
  | { readonly kind: 'replay'; readonly replay: ReplayedSend };

interface KeyedSend {
  /** Method and path of the operation. */
  readonly route: string;
  readonly workspaceId: string;
  readonly channelId: string;
  readonly body: unknown;
}

/** Idempotency-Keys: a request that is repeated with the same key is carried out once. */
export interface Idempotency {
  /**
   * Claims the key for a send, or finds the result of the earlier send. Throws IDEMPOTENCY_CONFLICT while the earlier send is in
   * progress, and IDEMPOTENCY_MISMATCH for another body.
   */
  claimSend(
    context: RequestContext,
    key: string,
    send: KeyedSend & { readonly warnings: readonly Problem[] },
  ): Promise<SendClaim>;
  /** Finds the result of an earlier send with the request's key. Null if there was none. Throws as `claimSend` does. */
  findSend(context: RequestContext, send: KeyedSend): Promise<ReplayedSend | null>;
  release(name: KeyName, requestId: string): Promise<void>;
  /**
   * Carries out a management request at most once, where its contract says so. A repetition gets the stored answer, or
   * NOT_REPEATABLE if there is none.
   */
  once<T>(context: RequestContext, request: KeyedRequest, run: () => Promise<T>): Promise<T>;
}

export const createIdempotency = (deps: IdempotencyDeps): Idempotency => ({
  claimSend: (context, key, send) => claimSend(deps, context, key, send),
  findSend: (context, send) => findSend(deps, context, send),
  release: deps.store.idempotency.release,
  once: (context, request, run) => runOnce(deps, context, request, run),
});

async function claimSend(
  { store, epoch, digestOf }: IdempotencyDeps,
  context: RequestContext,
  key: string,
  { route, workspaceId, channelId, body, warnings }: KeyedSend & { readonly warnings: readonly Problem[] },
): Promise<SendClaim> {
  const name: KeyName = { scope: channelId, route, key };
  const { requestId } = context;
  const fingerprints = fingerprintsOf(digestOf, name, body);
  const claim = { name, ...fingerprints, requestId, epoch, workspaceId, warnings };
  const claimed = await claimDelivery(store, claim, { workspaceId, channelId });
  return claimed.kind === 'claimed' ? { kind: 'claimed', name } : { kind: 'replay', replay: replayOf(claimed) };
}

async function findSend(
  { store, digestOf }: IdempotencyDeps,
  { idempotencyKey: key }: RequestContext,
  { route, workspaceId, channelId, body }: KeyedSend,
): Promise<ReplayedSend | null> {
  if (key === null) return null;
  const name: KeyName = { scope: channelId, route, key };
  const claim = { name, ...fingerprintsOf(digestOf, name, body) };
  const earlier = await findDelivery(store, claim, { workspaceId, channelId });
  return earlier && replayOf(earlier);
}

const fingerprintsOf = (digestOf: IdempotencyDeps['digestOf'], name: KeyName, body: unknown) => ({
  fingerprint: fingerprintOf(digestOf, name, body),
  earlierFingerprint: () => earlierFingerprintOf(name, body),
});

function replayOf(earlier: EarlierDelivery): ReplayedSend {
  switch (earlier.kind) {
    case 'mismatch':
      throw new ApiError('IDEMPOTENCY_MISMATCH');
    case 'refused':
    case 'in-progress':
      throw inProgress();
    case 'delivered-before': {
      const { message, held } = earlier;
      return { message, requestId: held.requestId, warnings: held.warnings as readonly Problem[] };
    }
  }
}
