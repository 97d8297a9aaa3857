import { bodyBytesMax } from '@chatferry/contract';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { Random } from '../ports/clock.ts';
import { replyWithError } from './error-reply.ts';
import { keepAddresses, missingHost } from './normalise-head.ts';
import { refuseConnection } from './refuse-connection.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { ProxyWatch } from './watch-proxies.ts';

export interface AppDeps {
  readonly random: Random;
  readonly publicUrl: string | null;
  /** Addresses of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  readonly proxyWatch: Pick<ProxyWatch, 'notice'>;
}

const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** How often slow connections are looked for, in order to end them. */
const checkEveryMs = 1_000;

/** A server without routes: what holds for every connection and every request. */
export function createApp({ random, publicUrl, trustedProxies, proxyWatch }: AppDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    genReqId: () => random.uuid(),
    requestIdHeader: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkEveryMs, requireHostHeader: false },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (cause, socket) => refuseConnection(cause, socket, { requestId: random.uuid(), publicUrl }),
    frameworkErrors: (_cause, request, reply) => refuseAddress(request.id, reply),
  });
  app.decorate('publicUrl', publicUrl);
  // Node would answer an expectation that it does not know with a bare 417. It may be ignored (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    proxyWatch.notice(request);
    keepAddresses(request.raw);
    done(missingHost(request.raw));
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
  addSecurityHeaders(app, publicUrl);
  return app;
}

export const unknownAddress = (): ApiError =>
  new ApiError('NOT_FOUND', {
    message: 'There is nothing at this address. Check the path; openapi.json lists every path.',
  });

/** An address that cannot be decoded gets the answer of an unknown address. */
function refuseAddress(requestId: string, reply: FastifyReply): void {
  void reply.header('x-request-id', requestId);
  void reply.send(replyWithError(reply, requestId, unknownAddress()));
}
