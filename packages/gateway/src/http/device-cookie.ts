import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceLifeMs } from '../operations/people/devices.ts';
import { readCookie } from './read-cookie.ts';

const cookieName = '__Host-chatferry-device';

/** The cookie of a browser in which a person has signed in before. Null without one. */
export const deviceOf = (request: FastifyRequest): string | null =>
  readCookie(request, cookieName, /^[A-Za-z0-9_.-]{40,200}$/);

/** Sets it: for this host and over HTTPS only, hidden from scripts, and not sent by other sites. */
export function giveDevice(reply: FastifyReply, cookie: string): void {
  void reply.header(
    'set-cookie',
    `${cookieName}=${cookie}; Path=/; Max-Age=${deviceLifeMs / 1_000}; HttpOnly; Secure; SameSite=Strict`,
  );
}
