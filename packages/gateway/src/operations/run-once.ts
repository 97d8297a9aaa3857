import { idKinds, type OperationSpec } from '@chatferry/contract';
import type { Principal } from '../core/access/principal.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { HeldKey, KeyClaim, KeyName, RequestEnd } from '../store/idempotency.ts';
import { managementScope, sealedColumns } from '../store/sealed-columns.ts';
import { ApiError } from './api-error.ts';
import { type RequestContext, requirePrincipal } from './context.ts';
import { fingerprintOf, type IdempotencyDeps, type IdempotencyStore, inProgress } from './idempotency-deps.ts';

export interface KeyedRequest {
  readonly spec: OperationSpec;
  /** The path with its parameters, without a query. */
  readonly path: string;
  readonly body: unknown;
}

/** What it must know of the caller and of the Idempotency-Key. */
export type AskerOfKey = Pick<RequestContext, 'requestId' | 'principal' | 'idempotencyKey' | 'markReplayed'>;

/**
 * Carries out a management request at most once. A key whose request was not carried out for sure is released. Every
 * other key keeps its claim: whatever fails then, the request is never carried out a second time.
 */
export async function runOnce<T>(
  deps: IdempotencyDeps,
  context: AskerOfKey,
  request: KeyedRequest,
  run: () => Promise<T>,
): Promise<T> {
  const { store, vault } = deps;
  const { requestId, idempotencyKey: key } = context;
  const { spec } = request;
  if (key === null || (spec.repetition !== 'answer' && spec.repetition !== 'once')) return run();
  const principal = requirePrincipal(context);
  await assertNotAskedBefore(store, principal, key, request);
  const claim = claimOf(deps, principal, requestId, key, request);
  const { name } = claim;
  const held = await claimRequest(store, claim);
  if (held !== null) {
    const answer = openAnswer(vault, spec, name, held);
    context.markReplayed();
    return answer as T;
  }
  let answer: T;
  try {
    answer = await run();
  } catch (cause) {
    if (wasRefused(cause)) await store.idempotency.release(name, requestId);
    else await store.idempotency.end(name, requestId, { ...noSubject, ended: 'unknown', made: null, answer: null });
    throw cause;
  }
  const stored = spec.repetition === 'answer' ? vault.seal(JSON.stringify(answer), sealContextOf(name)) : null;
  await store.idempotency.end(name, requestId, { ...subjectOf(answer), ended: 'done', answer: stored });
  return answer;
}

/**
 * Refuses a request that an earlier version began under this key. Migration 0006 left the names of those requests, and
 * not their answers; they end after three days, as all keys do.
 */
async function assertNotAskedBefore(
  { idempotency }: IdempotencyStore,
  principal: Principal,
  key: string,
  { spec, path }: KeyedRequest,
): Promise<void> {
  const name: KeyName = { scope: managementScopeOf(principal), route: `${spec.method} ${path}`, key };
  if ((await idempotency.readHeld(name)) !== null) throw new ApiError('NOT_REPEATABLE', { message: askedBefore });
}

/** The key and the body are stored as keyed digests: both may contain what a person wrote, and the body a secret. */
function claimOf(
  { digestOf, epoch }: IdempotencyDeps,
  principal: Principal,
  requestId: string,
  key: string,
  { spec, path, body }: KeyedRequest,
): KeyClaim {
  const route = `${spec.method} ${spec.path}`;
  const name: KeyName = {
    scope: managementScopeOf(principal),
    route,
    key: digestOf(`idempotency key\n${path}\n${key}`).toString('base64url'),
  };
  return { name, fingerprint: fingerprintOf(digestOf, name, body), requestId, epoch, workspaceId: null, warnings: [] };
}

/** Claims the key. Resolves with the earlier request that holds it, or null for a new claim. */
async function claimRequest({ idempotency }: IdempotencyStore, claim: KeyClaim): Promise<HeldKey | null> {
  let held: HeldKey | null;
  try {
    held = await idempotency.claim(claim);
  } catch (cause) {
    // The claim may be durable although its answer was lost. Nothing was carried out, so the key can be used again.
    await idempotency.release(claim.name, claim.requestId);
    throw cause;
  }
  if (held === null) return null;
  if (!held.fingerprint.equals(claim.fingerprint)) throw new ApiError('IDEMPOTENCY_MISMATCH');
  if (held.ended === null && held.ownerAlive) throw inProgress();
  return held;
}

/** The answer of the earlier request. Throws NOT_REPEATABLE where it is not stored. */
function openAnswer(vault: Vault, spec: OperationSpec, name: KeyName, { ended, made, answer }: HeldKey): unknown {
  if (ended === 'done' && spec.repetition === 'answer' && answer !== null)
    return JSON.parse(vault.open(answer, sealContextOf(name)));
  if (ended !== 'done') throw new ApiError('NOT_REPEATABLE', { message: unknownEnd });
  if (spec.repetition === 'once' && made !== null) {
    const message = `The request with this Idempotency-Key was carried out, and its answer is given only once. ${spec.ifLost.replaceAll('{id}', made)}`;
    throw new ApiError('NOT_REPEATABLE', { message });
  }
  const what = made === null ? 'Look at what exists.' : `Look at ${made}.`;
  throw new ApiError('NOT_REPEATABLE', { message: `${erasedAnswer} ${what}` });
}

const unknownEnd =
  'The request with this Idempotency-Key failed or was interrupted, and it may have been carried out. Look whether what it asked for exists. If it does not, send the request with a new Idempotency-Key.';
const askedBefore =
  'A request with this Idempotency-Key was made before the upgrade of the gateway, and its answer is no longer stored. It may have been carried out: look whether what it asked for exists. If it does not, send the request with a new Idempotency-Key.';
const erasedAnswer =
  'The request with this Idempotency-Key was carried out, and its answer was deleted because a customer of the workspace was erased.';

/** Whether the error says that nothing was carried out. Any other failure may have come after the change. */
const wasRefused = (cause: unknown): boolean => cause instanceof ApiError && cause.error !== 'INTERNAL';

const noSubject = { workspaceId: null, channelId: null } as const;

/** What an answer is about, as the contract's answers name it. */
function subjectOf(answer: unknown): Pick<RequestEnd, 'made' | 'workspaceId' | 'channelId'> {
  const fields = typeof answer === 'object' && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
  const textAt = (name: string): string | null => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const id = textAt('id');
  return {
    made: id ?? textAt('message_id'),
    workspaceId: textAt('workspace_id') ?? (id?.startsWith(idKinds.workspace.prefix) === true ? id : null),
    channelId: textAt('channel_id'),
  };
}

const sealContextOf = ({ scope, route, key }: KeyName): string => sealedColumns.answer.contextOf(scope, route, key);

/** The same key from two callers names two requests. */
const managementScopeOf = ({ kind, id }: Principal): string =>
  kind === 'operator' ? managementScope : `${managementScope}:${id}`;
