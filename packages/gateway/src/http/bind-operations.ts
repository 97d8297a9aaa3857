import {
  bodyBytesMax,
  errorNamed,
  type Handlers,
  type OperationId,
  type OperationSpec,
  operations,
  parseBody,
  parseIdempotencyKey,
  parsePrefer,
  parseQuery,
} from '@chatferry/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Reach } from '../core/access/principal.ts';
import { ApiError, invalidRequest } from '../operations/api-error.ts';
import type { RequestContext } from '../operations/context.ts';
import type { EventStreams } from '../operations/events/stream-events.ts';
import type { Idempotency } from '../operations/idempotency.ts';
import { networkOf } from '../operations/people/network-of.ts';
import { createAddressRule, type ProviderServers, type ResolveAddresses } from '../operations/provider-addresses.ts';
import type { CountRequest } from '../operations/rate-limit.ts';
import type { Clock } from '../ports/clock.ts';
import { type AuditTrail, isAudited, runAudited } from './audit-request.ts';
import { type Authenticator, assertReachesAll, type Caller } from './authenticate.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { deviceOf, giveDevice } from './device-cookie.ts';
import { asApiError } from './error-reply.ts';
import type { FairQueue } from './fair-queue.ts';
import { assertJsonType, parseJsonBody } from './json-body.ts';
import { limitKey } from './limit-key.ts';
import { allowBody, assertLength } from './read-body.ts';
import { assertNotFromAnotherSite } from './same-origin.ts';
import { sendEventStream, wantsEventStream } from './send-event-stream.ts';
import { giveSession } from './session-cookie.ts';
import type { ProxyWatch } from './watch-proxies.ts';

type AnyHandler = (
  context: RequestContext,
  input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
) => Promise<unknown>;

/** What is checked or recorded before every operation. */
export interface Guards {
  readonly authenticator: Authenticator;
  readonly countRequest: CountRequest;
  readonly budgets: BodyBudgets;
  /** The address at which browsers reach the gateway. Null if it is not set. */
  readonly publicUrl: string | null;
  readonly audit: AuditTrail;
  readonly proxyWatch: Pick<ProxyWatch, 'sharesAddress'>;
  /** The servers of providers that a tenant may choose. */
  readonly providerServers: ProviderServers;
  /** Where management requests wait for their tenant’s turn. Sends do not. */
  readonly fairQueue: FairQueue;
  /** Whether an error says that the database refused a write because the caller cannot reach that workspace. */
  readonly isOutOfReach: (cause: unknown) => boolean;
  /** What answers a caller that asks for a stream of events. */
  readonly eventStreams: Pick<EventStreams, 'open'>;
  readonly clock: Clock;
}

/** The handlers for a caller with this reach. Null for an operation that is public, or that checks the API key itself. */
export type HandlersFor = (reach: Reach | null) => Handlers<RequestContext>;

const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller. Set by the check before the body is read, and read by the handler. */
    caller: Caller | null;
  }
}

/** Makes a route for every operation of the contract. The API has no other routes. */
export function bindOperations(
  app: FastifyInstance,
  handlersFor: HandlersFor,
  guards: Guards,
  idempotency: Pick<Idempotency, 'once'>,
): void {
  app.decorateRequest('caller', null);
  const specs: readonly OperationSpec[] = Object.values(operations);
  for (const spec of specs) {
    if (spec.upload === true) continue;
    const tools = { ...guards, idempotency, resolveAddresses: createAddressRule(guards.providerServers, spec) };
    app.route({
      method: spec.method,
      url: toRoute(spec.path),
      onRequest: (request, reply) => checkHead(spec, guards, request, reply),
      handler: (request, reply) =>
        spec.eventStream !== undefined && wantsEventStream(request)
          ? openStream(spec, guards, request, reply)
          : runOperation(spec, chooseHandler(spec, handlersFor, guards, request), tools, request, reply),
    });
  }
  for (const path of new Set(specs.map((spec) => spec.path))) {
    // The server answers HEAD on every path that has a GET.
    const allow = specs
      .filter((spec) => spec.path === path)
      .flatMap(({ method }) => (method === 'GET' ? (['GET', 'HEAD'] as const) : [method]));
    app.route({
      method: allMethods.filter((method) => !allow.some((allowed) => allowed === method)),
      url: toRoute(path),
      onRequest: async () => {
        throw new ApiError('METHOD_NOT_ALLOWED', { allow });
      },
      handler: () => undefined,
    });
  }
}

/** `{message_id}` as the OpenAPI document writes it, `:message_id` as the router does. */
export const toRoute = (path: string): string => path.replaceAll(/\{([a-z_]+)\}/g, ':$1');

/**
 * The handler for this caller. The read and send operations check the key themselves. All others run on a database that shows
 * only the caller's workspaces.
 */
function chooseHandler(
  spec: OperationSpec,
  handlersFor: HandlersFor,
  { isOutOfReach }: Pick<Guards, 'isOutOfReach'>,
  request: FastifyRequest,
): AnyHandler {
  const reach = spec.auth === 'any' ? (request.caller?.principal.reach ?? null) : null;
  const handler = handlersFor(reach)[spec.id as OperationId] as AnyHandler;
  if (reach === null || reach.workspaces === 'all') return handler;
  return async (context, input) => {
    try {
      return await handler(context, input);
    } catch (cause) {
      if (isOutOfReach(cause)) throw refuseOutOfReach(cause);
      throw cause;
    }
  };
}

function refuseOutOfReach(cause: unknown): ApiError {
  const message =
    'That does not belong to a workspace of this credential. Use a credential of that workspace, or the administrator token.';
  return new ApiError('FORBIDDEN', { message, cause });
}

/** Checks everything that the head tells. Only then a body may be read, at the cost of the caller. */
async function checkHead(
  spec: OperationSpec,
  guards: Guards,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { budgets } = guards;
  const caller = await checkCaller(spec, guards, request, reply);
  if (spec.method === 'GET') return;
  assertJsonType(request.headers['content-type'], request.headers['content-encoding']);
  assertLength(request, bodyBytesMax);
  const allowance =
    caller === null ? budgets.open(networkOf(request.ip)) : budgets.proven(caller.key?.id ?? caller.principal.id);
  allowBody(request, reply, allowance);
}

/** Finds the caller, and counts the request against the limit of its key. */
export async function checkCaller(
  spec: OperationSpec,
  { authenticator, countRequest, publicUrl }: Guards,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | null> {
  if (spec.auth === 'none' && spec.method !== 'GET') assertNotFromAnotherSite(request, publicUrl);
  const caller = spec.auth === 'none' ? null : await authenticator.authenticate(spec, request);
  if (caller?.key) limitKey(countRequest, caller.key, reply);
  request.caller = caller;
  return caller;
}

type Tools = Pick<Guards, 'audit' | 'proxyWatch' | 'fairQueue' | 'clock'> & {
  readonly idempotency: Pick<Idempotency, 'once'>;
  readonly resolveAddresses: ResolveAddresses;
};

async function runOperation(
  spec: OperationSpec,
  handler: AnyHandler,
  tools: Tools,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const params = spec.params === undefined ? undefined : readParams(spec.params, request.params);
  const query = spec.query === undefined ? undefined : parsedValue(parseQuery(spec.query, request.query));
  const idempotencyKey = parseIdempotencyKey(spec.method === 'POST' ? request.headers['idempotency-key'] : undefined);
  if (!idempotencyKey.ok) throw invalidRequest(idempotencyKey);
  const { body, warnings } = readBody(spec, request, tools.clock.nowMs());
  assertReachesUnnamed(spec, request.caller, body);
  const context: RequestContext = {
    ...contextOf(request, reply),
    warnings,
    idempotencyKey: idempotencyKey.key ?? null,
    ...(isLimitedByHandler(spec) ? noBrowser : browserOf(tools, request, reply)),
  };
  const [status = '200'] = Object.keys(spec.responses);
  const output = isLimitedByHandler(spec)
    ? await handler(context, { params, query, body: tools.resolveAddresses(body, context.principal) })
    : await runManagement(spec, handler, tools, { context, params, query, body, url: request.url, status });
  void reply.code(Number(status));
  return output;
}

const contextOf = (request: FastifyRequest, reply: FastifyReply): RequestContext => ({
  requestId: request.id,
  principal: request.caller?.principal ?? null,
  key: request.caller?.key ?? null,
  warnings: [],
  idempotencyKey: null,
  markReplayed: () => void reply.header('idempotent-replayed', 'true'),
  address: request.ip,
  userAgent: request.headers['user-agent']?.slice(0, 200) ?? null,
  sessionId: request.caller?.sessionId ?? null,
  giveSession: (secret) => giveSession(reply, secret),
  ...noBrowser,
});

/** Sends, and reads whose handlers limit what they read to what the caller reaches. They have no turns and no audit. */
const isLimitedByHandler = ({ auth }: OperationSpec): boolean => auth === 'key' || auth === 'reader';

/** Answers with a stream of events. The caller is looked at again while it lasts, so that it ends with the credential. */
async function openStream(
  spec: OperationSpec,
  { authenticator, eventStreams, clock }: Guards,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const query = parsedValue(parseQuery(operations.listEvents.query, request.query));
  const lastEventId = request.headers['last-event-id'];
  const context = contextOf(request, reply);
  const stream = await eventStreams.open({
    context,
    query,
    lastEventId: typeof lastEventId === 'string' ? lastEventId : null,
    mayContinue: () => isSameCaller(authenticator, spec, request, context.principal),
  });
  return sendEventStream(reply, stream, clock);
}

async function isSameCaller(
  authenticator: Authenticator,
  spec: OperationSpec,
  request: FastifyRequest,
  principal: Principal | null,
): Promise<boolean> {
  try {
    const now = await authenticator.authenticate(spec, request);
    return JSON.stringify(now.principal.reach) === JSON.stringify(principal?.reach);
  } catch (cause) {
    if (asApiError(cause) === null) throw cause;
    return false;
  }
}

type OfBrowser = Pick<RequestContext, 'sharesAddress' | 'device' | 'giveDevice'>;

/** For callers with an API key, who are programs. */
export const noBrowser: OfBrowser = { sharesAddress: false, device: null, giveDevice: () => undefined };

const browserOf = ({ proxyWatch }: Tools, request: FastifyRequest, reply: FastifyReply): OfBrowser => ({
  sharesAddress: proxyWatch.sharesAddress(request),
  device: deviceOf(request),
  giveDevice: (cookie) => giveDevice(reply, cookie),
});

/** Runs an operation that is no send and no read with a key: in its tenant's turn, audited, and once for each Idempotency-Key. */
function runManagement(
  spec: OperationSpec,
  handler: AnyHandler,
  { idempotency, audit, resolveAddresses, fairQueue }: Tools,
  given: {
    readonly context: RequestContext;
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly url: string;
    readonly status: string;
  },
): Promise<unknown> {
  const { context, params, query, body } = given;
  const call = async () => handler(context, { params, query, body: resolveAddresses(body, context.principal) });
  const [path = ''] = given.url.split('?');
  const work = () => idempotency.once(context, { spec, path, body }, call);
  const entry = { spec, context, params, body, status: Number(given.status) };
  const audited = () => (isAudited(spec) ? runAudited(audit, entry, work, statusOfError) : work());
  const tenant = queuedTenant(spec, context.principal);
  return tenant === null ? audited() : fairQueue.run(tenant, audited);
}

/** Nothing is looked up or called yet: an operation that creates a workspace tries it at its provider before it stores it. */
function assertReachesUnnamed({ reach }: OperationSpec, caller: Caller | null, body: unknown): void {
  if (reach !== 'installation-unless-named' || caller === null) return;
  const named = (body as { readonly workspace_id?: unknown } | undefined)?.workspace_id;
  if (named === undefined) assertReachesAll(caller.principal);
}

/**
 * The tenant in whose turn the request runs. Null for sends and reads with a key, which have the limit of their key, for public
 * operations, and for those that only wait.
 */
function queuedTenant(spec: OperationSpec, principal: Principal | null): string | null {
  if (spec.auth !== 'any' || principal === null || spec.query?.shape['wait_seconds'] !== undefined) return null;
  const { workspaces } = principal.reach;
  return workspaces === 'all' ? principal.id : workspaces.toSorted().join(',');
}

const statusOfError = (cause: unknown): number => errorNamed(asApiError(cause)?.error ?? 'INTERNAL').status;

/** A malformed id is a 404. */
function readParams(schema: NonNullable<OperationSpec['params']>, given: unknown): unknown {
  const parsed = parseQuery(schema, given);
  if (parsed.ok) return parsed.value;
  const details = parsed.details.map(({ pointer, message }) => ({
    pointer: pointer.replace('#/query', '#/params'),
    message,
  }));
  throw new ApiError('NOT_FOUND', { details });
}

function readBody(
  spec: OperationSpec,
  request: FastifyRequest,
  nowMs: number,
): { body: unknown; warnings: RequestContext['warnings'] } {
  if (spec.body === undefined) return { body: undefined, warnings: [] };
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const json = parseJsonBody(bytes);
  const prefer = parsePrefer(request.headers['prefer']);
  if (!prefer.ok) throw invalidRequest(prefer);
  const parsed = spec.normalise ? spec.normalise(json, { ...prefer, nowMs }) : parseBody(spec.body, json);
  if (!parsed.ok) throw invalidRequest(parsed);
  return { body: parsed.value, warnings: parsed.warnings };
}

export function parsedValue<T>(
  parsed: { readonly ok: true; readonly value: T } | Parameters<typeof invalidRequest>[0],
): T {
  if (!parsed.ok) throw invalidRequest(parsed);
  return parsed.value;
}
