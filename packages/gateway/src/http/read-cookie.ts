import type { FastifyRequest } from 'fastify';

/**
 * The value of the first cookie with this name that `form` accepts. Null if the request has none. Node limits the header, with
 * all others, to 16 KiB.
 */
export function readCookie(request: FastifyRequest, name: string, form: RegExp): string | null {
  const prefix = `${name}=`;
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(prefix))
    .map((cookie) => cookie.slice(prefix.length));
  return values.find((value) => form.test(value)) ?? null;
}
