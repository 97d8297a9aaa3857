import { sessionCookie } from '@chatferry/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionLifeMs } from '../core/access/session-life.ts';

/** The secret of the session that a browser presents; null for none. */
export function sessionOf(request: FastifyRequest): string | null {
  const found = new RegExp(`(?:^|;\\s*)${sessionCookie}=([A-Za-z0-9_-]{20,100})(?:;|$)`).exec(
    request.headers.cookie ?? '',
  );
  return found?.[1] ?? null;
}

/** For this host and over HTTPS only, out of reach of scripts, and not sent along by other sites. Null takes it away. */
export function giveSession(reply: FastifyReply, secret: string | null): void {
  const life = secret === null ? 0 : sessionLifeMs / 1_000;
  void reply.header(
    'set-cookie',
    `${sessionCookie}=${secret ?? ''}; Path=/; Max-Age=${life}; HttpOnly; Secure; SameSite=Strict`,
  );
}
