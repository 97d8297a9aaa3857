import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { BodyAllowance } from './body-budget.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The memory that this request's body may use. Set by the check of the head; without it no body is read. */
    bodyAllowance: BodyAllowance | null;
  }
}

/** What a piece of a body costs besides its bytes. A client that sends single bytes would fill the memory with pieces. */
const pieceBytes = 256;

/** Allows the body of this request to be read, at the cost of its holder, until the request is answered. */
export function allowBody(request: FastifyRequest, reply: FastifyReply, allowance: BodyAllowance): void {
  request.bodyAllowance = allowance;
  reply.raw.once('close', allowance.release);
}

/** Whether the length that the head announces is within the limit. Throws PAYLOAD_TOO_LARGE. */
export function assertLength(request: FastifyRequest, bytesMax: number): void {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new ApiError('PAYLOAD_TOO_LARGE');
}

/**
 * Reads every body of these routes as bytes. The only way in which the gateway reads bodies: it needs an allowance, so a route
 * whose head was not checked reads nothing.
 */
export function readBodies(app: FastifyInstance, types: string, bytesMax: number): void {
  app.addContentTypeParser(types, (request: FastifyRequest, payload: FastifyRequest['raw']) =>
    readBody(request, payload, bytesMax),
  );
}

function readBody(request: FastifyRequest, payload: FastifyRequest['raw'], bytesMax: number): Promise<Buffer> {
  const allowance = request.bodyAllowance;
  if (allowance === null) throw new Error(`The route ${request.routeOptions.url} reads a body without an allowance.`);
  assertLength(request, bytesMax);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (cause: unknown): void => {
      end();
      chunks.length = 0;
      reject(cause);
    };
    const end = (): void => {
      payload.off('data', onData).off('end', onEnd).off('error', stop);
      allowance.onStop(null);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        if (size > bytesMax) throw new ApiError('PAYLOAD_TOO_LARGE');
        allowance.take(chunk.length + pieceBytes);
        chunks.push(chunk);
      } catch (cause) {
        stop(cause);
      }
    };
    const onEnd = (): void => {
      end();
      const [only] = chunks;
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size));
    };
    allowance.onStop(stop);
    payload.on('data', onData).on('end', onEnd).on('error', stop);
  });
}
