import { sessionCookie } from '@chatferry/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionLifeMs } from '../core/access/session-life.ts';
import { readCookie } from './read-cookie.ts';

/** The secret of the session that a browser presents. Null without a session. */
export const sessionOf = (request: FastifyRequest): string | null =>
  readCookie(request, sessionCookie, /^[A-Za-z0-9_-]{20,100}$/);

/** Sets the session cookie: for this host and over HTTPS only, hidden from scripts, and not sent by other sites. Null removes it. */
export function giveSession(reply: FastifyReply, secret: string | null): void {
  const life = secret === null ? 0 : sessionLifeMs / 1_000;
  void reply.header(
    'set-cookie',
    `${sessionCookie}=${secret ?? ''}; Path=/; Max-Age=${life}; HttpOnly; Secure; SameSite=Strict`,
  );
}
