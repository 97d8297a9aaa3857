import type { FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site has a browser do in the name of whoever signed in here (CSRF): by Fetch Metadata, which browsers send
 * and scripts cannot change, or where an older one does not, by the origin. Throws FORBIDDEN.
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
      'A session changes nothing from another site, and needs a browser that says where a request comes from. From a script use a token: POST /api/v1/tokens.',
  });
}

/** Another site must not sign a browser in as somebody else. Scripts that are no browsers say nothing, and may. Throws FORBIDDEN. */
export function assertNotOfAnotherSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new ApiError('FORBIDDEN', {
    message: 'Nobody is signed in from another site. Open the gateway’s own address.',
  });
}

const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).host : null);
