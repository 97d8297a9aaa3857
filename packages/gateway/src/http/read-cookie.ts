import type { FastifyRequest } from 'fastify';

/** The value of a cookie; null if the request has none, or one that does not match `value`. */
export function readCookie(request: FastifyRequest, name: string, value: RegExp): string | null {
  const found = new RegExp(`(?:^|;\\s*)${name}=(${value.source})(?:;|$)`).exec(request.headers.cookie ?? '');
  return found?.[1] ?? null;
}
