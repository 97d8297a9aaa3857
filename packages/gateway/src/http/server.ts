import { bodyBytesMax } from '@chatferry/contract';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { Idempotency } from '../operations/idempotency.ts';
import type { ProviderSignIn } from '../operations/people/provider-sign-in.ts';
import type { CountRequest } from '../operations/rate-limit.ts';
import type { Random } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import type { AuditTrail } from './audit-request.ts';
import type { Authenticator } from './authenticate.ts';
import { bindHooks, type HookDeps } from './bind-channel-hooks.ts';
import { bindConnectPages, type ConnectPageDeps } from './bind-connect-pages.ts';
import { bindInboxHooks, type InboxHookDeps } from './bind-inbox-hooks.ts';
import { bindOperations, type HandlersFor, readBodiesAsBytes } from './bind-operations.ts';
import { bindSetupPages, type SetupPageDeps } from './bind-setup-page.ts';
import { bindSignIn } from './bind-sign-in.ts';
import { asApiError, replyWithError } from './error-reply.ts';
import type { FairQueue } from './fair-queue.ts';
import { refuseConnection } from './refuse-connection.ts';
import { addSecurityHeaders } from './security-headers.ts';

export interface ServerDeps {
  readonly handlersFor: HandlersFor;
  readonly authenticator: Authenticator;
  readonly countRequest: CountRequest;
  readonly audit: AuditTrail;
  readonly fairQueue: FairQueue;
  readonly idempotency: Pick<Idempotency, 'once'>;
  readonly hooks: HookDeps & InboxHookDeps;
  readonly connectPages: ConnectPageDeps & SetupPageDeps;
  readonly log: EngineLog;
  readonly random: Random;
  readonly publicUrl: string | null;
  /** Null if there is no identity provider. */
  readonly providerSignIn: ProviderSignIn | null;
  /** Whether an error says that the database is unavailable: then the caller may try again. */
  readonly isStoreAway: (cause: unknown) => boolean;
  readonly isOutOfReach: (cause: unknown) => boolean;
  /** Addresses of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
}

const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** How often slow connections are looked for, in order to end them. */
const checkEveryMs = 1_000;
const storeRetryMs = 5_000;

/** Builds the HTTP server with all its routes. It does not listen yet. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const { log } = deps;
  const app = fastify({
    logger: false,
    genReqId: () => deps.random.uuid(),
    requestIdHeader: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkEveryMs },
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (cause, socket) => refuseConnection(cause, socket, deps.random.uuid()),
    frameworkErrors: (_cause, request, reply) => refuseAddress(request.id, reply),
  });

  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  // An answer while the server closes would leave an idle connection, which would keep the server open.
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done(null, payload);
  });
  addSecurityHeaders(app, deps.publicUrl);
  const unexpected = (cause: unknown, request: FastifyRequest): ApiError => {
    // The caller closed the connection before the whole request was sent.
    if (cause !== undefined && request.raw.errored === cause) return new ApiError('TYPE_MISMATCH', { cause });
    return deps.isStoreAway(cause)
      ? new ApiError('UNAVAILABLE', { retryAfterMs: storeRetryMs, cause })
      : new ApiError('INTERNAL', { cause });
  };
  app.setErrorHandler((cause, request, reply) => {
    const error = asApiError(cause) ?? unexpected(cause, request);
    if (error.error === 'INTERNAL')
      log.error('request.failed', { requestId: request.id, route: request.routeOptions.url, err: cause });
    else if (error.cause !== undefined && error.error === 'UNAVAILABLE')
      log.warn('request.shed', { requestId: request.id, err: error.cause });
    return replyWithError(reply, request.id, error);
  });
  // No body is read at an unknown address. Routes that accept bodies add their own parsers.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setNotFoundHandler((request, reply) => replyWithError(reply, request.id, unknownAddress()));

  app.register(async (api) => {
    readBodiesAsBytes(api);
    bindOperations(api, deps.handlersFor, deps, deps.idempotency);
  });
  app.register(async (hooks) => {
    hooks.setErrorHandler((cause, request, reply) => {
      const refused = asApiError(cause);
      if (refused) return replyWithError(reply, request.id, refused);
      log.error('hook.failed', { requestId: request.id, err: cause });
      return replyWithError(reply, request.id, new ApiError('UNAVAILABLE', { retryAfterMs: storeRetryMs, cause }));
    });
    bindHooks(hooks, deps.hooks);
    bindInboxHooks(hooks, deps.hooks);
  });
  app.register(async (pages) => bindConnectPages(pages, deps.connectPages));
  app.register(async (pages) => bindSetupPages(pages, deps.connectPages));
  app.register(async (pages) => bindSignIn(pages, deps.providerSignIn));
  return app;
}

const unknownAddress = (): ApiError =>
  new ApiError('NOT_FOUND', {
    message: 'There is nothing at this address. Check the path; openapi.json lists every path.',
  });

/** An address that cannot be decoded gets the answer of an unknown address. */
function refuseAddress(requestId: string, reply: FastifyReply): void {
  void reply.header('x-request-id', requestId);
  void reply.send(replyWithError(reply, requestId, unknownAddress()));
}
