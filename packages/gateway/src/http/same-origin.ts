import type { FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that another site makes with a person's session here (CSRF). Checks Fetch Metadata, which browsers send and
 * scripts cannot change, or the origin in older browsers. Throws FORBIDDEN.
 */
export function assertSameOrigin(request: FastifyRequest, publicUrl: string | null): void {
  if (harmless.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  const { origin, host } = request.headers;
  const own = publicUrl === null ? hostOf(`http://${host}`) : hostOf(publicUrl);
  if (site === undefined && origin !== undefined && hostOf(origin) === own) return;
  throw new ApiError('FORBIDDEN', {
    message:
      'A session cannot change anything from another site, and needs a browser that reports the origin of a request. In a script, use a token: POST /api/v1/tokens.',
  });
}

/** Another site must not sign a browser in with its own account. Programs that are no browsers send no metadata and are allowed. Throws FORBIDDEN. */
export function assertNotFromAnotherSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new ApiError('FORBIDDEN', {
    message: 'Signing in from another site is not possible. Open the gateway’s own address.',
  });
}

const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).host : null);
