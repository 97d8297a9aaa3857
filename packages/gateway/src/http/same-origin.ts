import type { FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that another site makes with a person's session here (CSRF). Checks Fetch Metadata and the origin, which
 * browsers send and scripts cannot change. At least one must be there, and both must be ours. Throws FORBIDDEN.
 */
export function assertSameOrigin(request: FastifyRequest, publicUrl: string | null): void {
  if (harmless.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const origin = judgeOrigin(request, publicUrl);
  const isOwnSite = site === 'same-origin' || (site === undefined && origin === 'own');
  if (isOwnSite && origin !== 'foreign') return;
  throw new ApiError('FORBIDDEN', {
    message:
      'A session cannot change anything from another site, and needs a browser that reports the origin of a request. In a script, use a token: POST /api/v1/tokens.',
  });
}

/** Another site must not sign a browser in with its own account. Programs that are no browsers send neither header and are allowed. Throws FORBIDDEN. */
export function assertNotFromAnotherSite(request: FastifyRequest, publicUrl: string | null): void {
  const site = request.headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  const origin = judgeOrigin(request, publicUrl);
  if (isOwnSite && origin !== 'foreign' && (origin !== 'hidden' || site === 'same-origin')) return;
  throw new ApiError('FORBIDDEN', {
    message: 'Signing in from another site is not possible. Open the gateway’s own address.',
  });
}

/**
 * Whose the page is that made the request. Ours is the public address, or the host that was called: a browser cannot be made to
 * name another host. Browsers send `null` for pages without an origin, and for pages of ours, which send no referrer.
 */
function judgeOrigin(
  { headers: { origin, host } }: FastifyRequest,
  publicUrl: string | null,
): 'own' | 'foreign' | 'hidden' | 'unknown' {
  if (origin === undefined) return 'unknown';
  if (origin === 'null') return 'hidden';
  const given = hostOf(origin);
  if (given === null) return 'foreign';
  return given === hostOf(`http://${host}`) || (publicUrl !== null && origin === new URL(publicUrl).origin)
    ? 'own'
    : 'foreign';
}

const hostOf = (url: string): string | null => {
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' };
  return protocol === 'http:' || protocol === 'https:' ? host : null;
};
