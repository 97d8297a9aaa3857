import type { FastifyInstance } from 'fastify';

/** A year, in seconds. */
const transportSecuritySeconds = 31_536_000;

/** Sets headers against framing, scripts, caching and sharing, on every answer that does not set them itself. */
export function addSecurityHeaders(app: FastifyInstance, publicUrl: string | null): void {
  const headers: Readonly<Record<string, string>> = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(publicUrl?.startsWith('https:') === true
      ? { 'strict-transport-security': `max-age=${transportSecuritySeconds}; includeSubDomains` }
      : {}),
  };
  app.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) void reply.header(name, value);
    done(null, payload);
  });
}
