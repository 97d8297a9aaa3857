import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '../operations/api-error.ts';
import { baseByHost, withoutSlash } from './documentation/base.ts';
import { answerOf } from './error-reply.ts';

const malformed = (message: string): ApiError => new ApiError('TYPE_MISMATCH', { message });

function refusalOf(code: string | undefined): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('PAYLOAD_TOO_LARGE', {
        message: 'The request headers are larger than 16 KiB in total. Shorten them.',
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return malformed(
        'The request did not arrive in time (headers within 10 seconds, all of it within 30); nothing was done. Send it again.',
      );
    default:
      return malformed('The request is not valid HTTP/1.1; nothing was done. Correct the program that sends it.');
  }
}

/** Answers a connection that sent no complete request (broken HTTP, headers too large, too slow), and ends it. */
export function refuseConnection(
  cause: Error & { readonly code?: string },
  socket: Socket,
  { requestId, publicUrl }: { readonly requestId: string; readonly publicUrl: string | null },
): void {
  if (cause.code === 'ECONNRESET' || socket.destroyed) return;
  const base = publicUrl === null ? baseByHost(undefined, socket) : withoutSlash(publicUrl);
  const answer = answerOf(requestId, refusalOf(cause.code), base);
  const { status } = answer;
  const body = JSON.stringify(answer.body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  else socket.destroy();
}
