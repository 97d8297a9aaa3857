import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../operations/people/network-of.ts';
import type { BodyBudgets } from './body-budgets.ts';
import { allowBody, assertLength, readBodies } from './read-body.ts';

const formBytesMax = 8 * 1024;

/** Lets the routes of `app` read forms of at most 8 KiB, and no other bodies. */
export function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  readBodies(app, 'application/x-www-form-urlencoded', formBytesMax);
}

/** Allows the form of this request to be read, at the cost of the caller's network. Throws PAYLOAD_TOO_LARGE. */
export function allowForm(request: FastifyRequest, reply: FastifyReply, budgets: BodyBudgets): void {
  assertLength(request, formBytesMax);
  allowBody(request, reply, budgets.open(networkOf(request.ip)));
}

/** The fields of the form. Empty for a request without a body. */
export const fieldsOf = ({ body }: FastifyRequest): URLSearchParams =>
  new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
