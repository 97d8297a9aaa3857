import type { Handlers } from '@chatferry/contract';
import { type FastifyInstance, fastify } from 'fastify';
import type { EngineLog } from '../engine/log.ts';
import { ApiError } from '../operations/api-error.ts';
import type { RequestContext } from '../operations/context.ts';
import type { Random } from '../ports/clock.ts';
import type { Authenticator } from './authenticate.ts';
import { bindHooks, type HookDeps } from './bind-hooks.ts';
import { bindOperations, readBodiesAsBytes } from './bind-operations.ts';
import { asApiError, replyWithError } from './error-reply.ts';

export interface ServerDeps {
  readonly handlers: Handlers<RequestContext>;
  readonly authenticator: Authenticator;
  readonly hooks: HookDeps;
  readonly log: EngineLog;
  readonly random: Random;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

const bodyLimitBytes = 64 * 1024;
const requestTimeoutMs = 30_000;

/** The whole HTTP surface, not yet listening. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const { log } = deps;
  const app = fastify({
    logger: false,
    genReqId: () => deps.random.uuid(),
    requestIdHeader: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });

  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  app.setErrorHandler((cause, request, reply) => {
    const error = asApiError(cause) ?? new ApiError('INTERNAL', { cause });
    if (error.error === 'INTERNAL')
      log.error('request.failed', { requestId: request.id, route: request.routeOptions.url, err: cause });
    else if (error.cause !== undefined && error.error === 'UNAVAILABLE')
      log.warn('request.shed', { requestId: request.id, err: error.cause });
    return replyWithError(reply, request.id, error);
  });
  app.setNotFoundHandler((request, reply) => replyWithError(reply, request.id, new ApiError('NOT_FOUND')));

  app.register(async (api) => {
    readBodiesAsBytes(api);
    bindOperations(api, deps.handlers, deps.authenticator);
  });
  app.register(async (hooks) => {
    hooks.setErrorHandler((cause, request, reply) => {
      const refused = asApiError(cause);
      if (refused) return replyWithError(reply, request.id, refused);
      log.error('hook.failed', { requestId: request.id, err: cause });
      return replyWithError(reply, request.id, new ApiError('UNAVAILABLE', { retryAfterMs: 5_000, cause }));
    });
    bindHooks(hooks, deps.hooks);
  });
  return app;
}
