import { createHash } from 'node:crypto';
import { fingerprintSource, operations, type Problem } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import { type ClaimStore, claimDelivery, type EarlierDelivery, findDelivery } from '../engine/send/claim-delivery.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { KeyClaim, KeyName } from '../store/idempotency.ts';
import type { MessageRecord } from '../store/messages.ts';
import { managementScope, sealedColumns } from '../store/sealed-columns.ts';
import type { StoreSlice } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { type RequestContext, requirePrincipal } from './context.ts';

export type IdempotencyStore = ClaimStore & StoreSlice<{ readonly idempotency: 'storeAnswer' }>;

export interface IdempotencyDeps {
  readonly store: IdempotencyStore;
  readonly vault: Vault;
  readonly epoch: number;
}

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
  readonly workspaceId: string;
  readonly channelId: string;
  readonly body: unknown;
}

interface KeyedRequest {
  readonly route: string;
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
  /** Runs a management request once. A repetition gets the first answer. The answer of a failed request is not stored. */
  once<T>(context: RequestContext, request: KeyedRequest, run: () => Promise<T>): Promise<T>;
}

export const createIdempotency = (deps: IdempotencyDeps): Idempotency => ({
  claimSend: (context, key, send) => claimSend(deps, context, key, send),
  findSend: (context, send) => findSend(deps, context, send),
  release: deps.store.idempotency.release,
  once: (context, request, run) => runOnce(deps, context, request, run),
});

const sendRoute = `${operations.sendTelegramInteractive.method} ${operations.sendTelegramInteractive.path}`;

async function claimSend(
  { store, epoch }: IdempotencyDeps,
  context: RequestContext,
  key: string,
  { workspaceId, channelId, body, warnings }: KeyedSend & { readonly warnings: readonly Problem[] },
): Promise<SendClaim> {
  const name: KeyName = { scope: channelId, route: sendRoute, key };
  const { requestId } = context;
  const claim = { name, fingerprint: fingerprintOf(name, body), requestId, epoch, workspaceId, warnings };
  const claimed = await claimDelivery(store, claim, { workspaceId, channelId });
  return claimed.kind === 'claimed' ? { kind: 'claimed', name } : { kind: 'replay', replay: replayOf(claimed) };
}

async function findSend(
  { store, epoch }: IdempotencyDeps,
  { idempotencyKey: key, requestId }: RequestContext,
  { workspaceId, channelId, body }: KeyedSend,
): Promise<ReplayedSend | null> {
  if (key === null) return null;
  const name: KeyName = { scope: channelId, route: sendRoute, key };
  const claim = { name, fingerprint: fingerprintOf(name, body), requestId, epoch, workspaceId, warnings: [] };
  const earlier = await findDelivery(store, claim, { workspaceId, channelId });
  return earlier && replayOf(earlier);
}

async function runOnce<T>(
  { store, vault, epoch }: IdempotencyDeps,
  context: RequestContext,
  { route, body }: KeyedRequest,
  run: () => Promise<T>,
): Promise<T> {
  const { idempotencyKey: key, requestId } = context;
  if (key === null) return run();
  const name: KeyName = { scope: managementScopeOf(requirePrincipal(context)), route, key };
  const sealContext = sealedColumns.answer.contextOf(name.scope, name.route, name.key);
  const fingerprint = fingerprintOf(name, body);
  const sealed = await claimRequest(store, { name, fingerprint, requestId, epoch, workspaceId: null, warnings: [] });
  if (sealed !== null) {
    context.markReplayed();
    return JSON.parse(vault.open(sealed, sealContext));
  }
  try {
    const answer = await run();
    await store.idempotency.storeAnswer(name, requestId, vault.seal(JSON.stringify(answer), sealContext));
    return answer;
  } catch (cause) {
    await store.idempotency.release(name, requestId);
    throw cause;
  }
}

/** Claims the key, also from a process that died. Resolves with the sealed answer of an earlier request, or null for a new claim. */
async function claimRequest({ idempotency }: IdempotencyStore, claim: KeyClaim): Promise<Buffer | null> {
  const held = await idempotency.claim(claim);
  if (!held) return null;
  if (!held.fingerprint.equals(claim.fingerprint)) throw new ApiError('IDEMPOTENCY_MISMATCH');
  if (held.answer !== null) return held.answer;
  if (held.ownerAlive || !(await idempotency.takeOver(claim, held))) throw inProgress();
  return null;
}

const fingerprintOf = ({ route }: KeyName, body: unknown): Buffer =>
  createHash('sha256').update(fingerprintSource(route, body)).digest();

/** The same key from two callers names two requests. */
const managementScopeOf = ({ kind, id }: Principal): string =>
  kind === 'operator' ? managementScope : `${managementScope}:${id}`;

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

const inProgress = (): ApiError => new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });
