import { createHash } from 'node:crypto';
import { fingerprintSource, operations, type Problem } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import { type ClaimStore, claimDelivery, type EarlierDelivery, findDelivery } from '../engine/send/claim-delivery.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { HeldKey, KeyClaim, KeyName } from '../store/idempotency.ts';
import type { MessageRecord } from '../store/messages.ts';
import { managementScope, sealedColumns } from '../store/sealed-columns.ts';
import type { StoreSlice } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { principalOf, type RequestContext } from './context.ts';

export type IdempotencyStore = ClaimStore & StoreSlice<{ readonly idempotency: 'storeAnswer' }>;

export interface IdempotencyDeps {
  readonly store: IdempotencyStore;
  readonly vault: Vault;
  readonly epoch: number;
}

/** What an earlier request with this key came to. */
export interface ReplayedSend {
  readonly message: MessageRecord;
  readonly requestId: string;
  readonly warnings: readonly Problem[];
}

export type SendClaim =
  | { readonly kind: 'claimed'; readonly name: KeyName }
  | { readonly kind: 'replay'; readonly replay: ReplayedSend };

export interface Idempotency {
  /** Claims the key for a send, or finds what the earlier send came to. Throws 409 while that one is at work, 422 for another body. */
  claimSend(
    context: RequestContext,
    key: string,
    send: {
      readonly workspaceId: string;
      readonly channelId: string;
      readonly body: unknown;
      readonly warnings: readonly Problem[];
    },
  ): Promise<SendClaim>;
  /** What an earlier send with the request's key came to, where it was carried out; null else. Throws as `claimSend` does. */
  findSend(
    context: RequestContext,
    send: { readonly workspaceId: string; readonly channelId: string; readonly body: unknown },
  ): Promise<ReplayedSend | null>;
  release(name: KeyName, requestId: string): Promise<void>;
  /** Runs a management request once; a repetition gets the first answer again. What fails is not kept. */
  once<T>(
    context: RequestContext,
    request: { readonly route: string; readonly body: unknown },
    run: () => Promise<T>,
  ): Promise<T>;
}

const { method, path } = operations.sendTelegramInteractive;
const sendRoute = `${method} ${path}`;

export function createIdempotency({ store, vault, epoch }: IdempotencyDeps): Idempotency {
  const claimOf = (
    context: RequestContext,
    name: KeyName,
    body: unknown,
    rest: Pick<KeyClaim, 'workspaceId' | 'warnings'>,
  ): KeyClaim => ({
    ...rest,
    name,
    fingerprint: createHash('sha256').update(fingerprintSource(name.route, body)).digest(),
    requestId: context.requestId,
    epoch,
  });

  async function takeOver(claim: KeyClaim, held: HeldKey): Promise<void> {
    if (!(await store.idempotency.takeOver(claim, held))) throw inProgress();
  }

  return {
    async claimSend(context, key, { workspaceId, channelId, body, warnings }) {
      const name: KeyName = { scope: channelId, route: sendRoute, key };
      const claim = claimOf(context, name, body, { workspaceId, warnings });
      const claimed = await claimDelivery(store, claim, { workspaceId, channelId });
      return claimed.kind === 'claimed' ? { kind: 'claimed', name } : { kind: 'replay', replay: replayOf(claimed) };
    },

    async findSend(context, { workspaceId, channelId, body }) {
      if (context.idempotencyKey === null) return null;
      const name: KeyName = { scope: channelId, route: sendRoute, key: context.idempotencyKey };
      const claim = claimOf(context, name, body, { workspaceId, warnings: [] });
      const earlier = await findDelivery(store, claim, { workspaceId, channelId });
      return earlier && replayOf(earlier);
    },

    release: store.idempotency.release,

    async once(context, { route, body }, run) {
      if (context.idempotencyKey === null) return run();
      const name: KeyName = { scope: managementScopeOf(principalOf(context)), route, key: context.idempotencyKey };
      const claim = claimOf(context, name, body, { workspaceId: null, warnings: [] });
      const sealContext = sealedColumns.answer.contextOf(name.scope, name.route, name.key);
      const held = await store.idempotency.claim(claim);
      if (held) {
        if (!held.fingerprint.equals(claim.fingerprint)) throw new ApiError('IDEMPOTENCY_MISMATCH');
        if (held.answer !== null) {
          context.markReplayed();
          return JSON.parse(vault.open(held.answer, sealContext));
        }
        if (held.ownerAlive) throw inProgress();
        await takeOver(claim, held);
      }
      try {
        const answer = await run();
        await store.idempotency.storeAnswer(name, context.requestId, vault.seal(JSON.stringify(answer), sealContext));
        return answer;
      } catch (cause) {
        await store.idempotency.release(name, context.requestId);
        throw cause;
      }
    },
  };
}

/** The same key of two callers names two requests. */
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
