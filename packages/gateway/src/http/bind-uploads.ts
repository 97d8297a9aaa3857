import { operations, parseQuery } from '@chatferry/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import { fileBytesMax } from '../operations/files/store-content.ts';
import { checkCaller, type Guards, type HandlersFor, noBrowser, parsedValue, toRoute } from './bind-operations.ts';
import { assertLength } from './read-body.ts';
import { readUpload } from './read-upload.ts';

const { uploadFile: spec } = operations;

/** What a form has beside the file. */
const formBytesMax = 64 * 1024;
/** Uploads under way at once, of all callers, of one tenant and of one key: each has a piece of a file in memory. */
const atOnceMax = 32;
/** A tenant can make as many keys as it likes. */
const atOncePerTenantMax = 12;
const atOncePerKeyMax = 4;

/** The route for uploads. Its bodies are read while they arrive, and never as a whole. */
export function bindUploads(app: FastifyInstance, handlersFor: HandlersFor, guards: Guards): void {
  const underWay = new Map<string, number>();
  app.decorateRequest('caller', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.route({
    method: spec.method,
    url: toRoute(spec.path),
    bodyLimit: fileBytesMax + formBytesMax,
    onRequest: async (request, reply) => {
      await checkCaller(spec, guards, request, reply);
      assertLength(request, fileBytesMax + formBytesMax);
      enter(underWay, request, reply);
    },
    handler: (request, reply) => receive(handlersFor, request, reply),
  });
}

/** Counts the upload until its request is over. Throws RATE_LIMITED. */
function enter(underWay: Map<string, number>, request: FastifyRequest, reply: FastifyReply): void {
  const { id = '', workspaceId = '' } = request.caller?.key ?? {};
  const limits = { all: atOnceMax, [workspaceId]: atOncePerTenantMax, [id]: atOncePerKeyMax };
  const isFull = Object.entries(limits).some(([owner, max]) => (underWay.get(owner) ?? 0) >= max);
  if (isFull) throw new ApiError('RATE_LIMITED', { retryAfterMs: 1_000 });
  const owners = Object.keys(limits);
  for (const owner of owners) underWay.set(owner, (underWay.get(owner) ?? 0) + 1);
  reply.raw.once('close', () => {
    for (const owner of owners) leave(underWay, owner);
  });
}

function leave(underWay: Map<string, number>, owner: string): void {
  const left = (underWay.get(owner) ?? 1) - 1;
  if (left === 0) underWay.delete(owner);
  else underWay.set(owner, left);
}

async function receive(handlersFor: HandlersFor, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const query = parsedValue(parseQuery(spec.query, request.query));
  const body = await readUpload(request);
  const context = {
    requestId: request.id,
    principal: request.caller?.principal ?? null,
    key: request.caller?.key ?? null,
    warnings: [],
    idempotencyKey: null,
    markReplayed: () => undefined,
    address: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 200) ?? null,
    sessionId: null,
    giveSession: () => undefined,
    ...noBrowser,
  };
  const output = await handlersFor(null).uploadFile(context, { params: undefined, query, body });
  void reply.code(201);
  return output;
}
