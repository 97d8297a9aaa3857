import { bodyBytesMax } from '@chatferry/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { Idempotency } from '../operations/idempotency.ts';
import type { ProviderServers } from '../operations/provider-addresses.ts';
import type { CountRequest } from '../operations/rate-limit.ts';
import type { Random } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import type { AuditTrail } from './audit-request.ts';
import type { Authenticator } from './authenticate.ts';
import { bindHooks, type HookDeps, hookBytesMax } from './bind-channel-hooks.ts';
import { bindConnectPages, type ConnectPageDeps } from './bind-connect-pages.ts';
import { bindInboxHooks, type InboxHookDeps } from './bind-inbox-hooks.ts';
import { bindOperations, type HandlersFor } from './bind-operations.ts';
import { bindSetupPages, type SetupPageDeps } from './bind-setup-page.ts';
import { bindSignIn, type SignInPageDeps } from './bind-sign-in.ts';
import { bindUploads } from './bind-uploads.ts';
import { type BodyBudgets, createBodyBudgets } from './body-budgets.ts';
import { createApp, unknownAddress } from './create-app.ts';
import { asApiError, replyWithError } from './error-reply.ts';
import type { FairQueue } from './fair-queue.ts';
import { readBodies } from './read-body.ts';
import type { ProxyWatch } from './watch-proxies.ts';

export interface ServerDeps extends SignInPageDeps {
  readonly handlersFor: HandlersFor;
  readonly authenticator: Authenticator;
  readonly countRequest: CountRequest;
  readonly audit: AuditTrail;
  /** The servers of providers that a tenant may choose. */
  readonly providerServers: ProviderServers;
  readonly fairQueue: FairQueue;
  readonly idempotency: Pick<Idempotency, 'once'>;
  readonly hooks: HookDeps & InboxHookDeps;
  readonly connectPages: ConnectPageDeps & SetupPageDeps;
  readonly log: EngineLog;
  readonly random: Random;
  readonly publicUrl: string | null;
  readonly proxyWatch: ProxyWatch;
  /** Whether an error says that the database is unavailable: then the caller may try again. */
  readonly isStoreAway: (cause: unknown) => boolean;
  readonly isOutOfReach: (cause: unknown) => boolean;
  /** Whether an error says that a text has a character that the database does not store. */
  readonly isUnstorable: (cause: unknown) => boolean;
  /** Addresses of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
}

const storeRetryMs = 5_000;

/** Builds the HTTP server with all its routes. It does not listen yet. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const { log } = deps;
  const app = createApp(deps);
  app.setErrorHandler((cause, request, reply) => {
    const error = toApiError(deps, cause, request);
    if (error.error === 'INTERNAL')
      log.error('request.failed', { requestId: request.id, route: request.routeOptions.url, err: cause });
    else if (error.cause !== undefined && error.error === 'UNAVAILABLE')
      log.warn('request.shed', { requestId: request.id, err: error.cause });
    return replyWithError(reply, request.id, error);
  });
  const budgets = createBodyBudgets(deps.hooks.clock, log);
  app.decorateRequest('bodyAllowance', null);
  // No body is read at an unknown address. Routes that accept bodies add a parser.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setNotFoundHandler((request, reply) => replyWithError(reply, request.id, unknownAddress()));

  // Each group of routes has parsers of its own.
  const group = (bind: (routes: FastifyInstance) => void) =>
    app.register((routes, _options, done) => {
      bind(routes);
      done();
    });
  group((api) => {
    api.removeAllContentTypeParsers();
    readBodies(api, '*', bodyBytesMax);
    bindOperations(api, deps.handlersFor, { ...deps, budgets }, deps.idempotency);
  });
  group((uploads) => bindUploads(uploads, deps.handlersFor, { ...deps, budgets }));
  group((hooks) => bindAllHooks(hooks, deps, budgets));
  group((pages) => bindConnectPages(pages, deps.connectPages));
  group((pages) => bindSetupPages(pages, deps.connectPages, budgets));
  group((pages) => bindSignIn(pages, deps, budgets));
  return app;
}

/** The webhooks. A provider repeats what was answered with 503, so it gets that for every bug too. */
function bindAllHooks(hooks: FastifyInstance, deps: ServerDeps, budgets: BodyBudgets): void {
  hooks.setErrorHandler((cause, request, reply) => {
    const error = toApiError(deps, cause, request);
    if (asApiError(cause) === null && (error.error === 'INTERNAL' || error.error === 'UNAVAILABLE'))
      deps.log.error('hook.failed', { requestId: request.id, err: cause });
    const isBug = error.error === 'INTERNAL';
    const answered = isBug ? new ApiError('UNAVAILABLE', { retryAfterMs: storeRetryMs, cause }) : error;
    return replyWithError(reply, request.id, answered);
  });
  hooks.removeAllContentTypeParsers();
  readBodies(hooks, '*', hookBytesMax);
  bindHooks(hooks, deps.hooks, budgets);
  bindInboxHooks(hooks, deps.hooks, budgets);
}

/** The error of the catalogue for any error. INTERNAL for a bug. */
function toApiError(
  { isStoreAway, isUnstorable }: Pick<ServerDeps, 'isStoreAway' | 'isUnstorable'>,
  cause: unknown,
  request: FastifyRequest,
): ApiError {
  const refused = asApiError(cause);
  if (refused !== null) return refused;
  // The caller closed the connection before the whole request was sent.
  if (cause !== undefined && request.raw.errored === cause) return new ApiError('TYPE_MISMATCH', { cause });
  if (isUnstorable(cause)) return new ApiError('TYPE_MISMATCH', { message: unstorable, cause });
  return isStoreAway(cause)
    ? new ApiError('UNAVAILABLE', { retryAfterMs: storeRetryMs, cause })
    : new ApiError('INTERNAL', { cause });
}

const unstorable =
  'The request contains a character that cannot be stored: U+0000 (NUL), or half of a surrogate pair. Remove it, also from the path and the query.';
