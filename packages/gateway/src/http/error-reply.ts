import { type ErrorBody, errorBody, errorNamed } from '@chatferry/contract';
import type { FastifyReply } from 'fastify';
import { errorCodeOf } from '../errors/error-code.ts';
import { ApiError } from '../operations/api-error.ts';

/** The only place that turns an error into a body. */
export function replyWithError(reply: FastifyReply, requestId: string, error: ApiError): ErrorBody {
  const { status } = errorNamed(error.error);
  const { retryAfterMs, allow, message, details, messageId, provider } = error.parts;
  void reply.code(status);
  if (retryAfterMs !== undefined)
    void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
  if (allow !== undefined) void reply.header('allow', allow.join(', '));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return errorBody({
    requestId: error.parts.requestId ?? requestId,
    name: error.error,
    message,
    details,
    messageId,
    telegram: provider,
  });
}

/** What the server itself refuses, in the catalogue's words; null for what is a bug. */
export function asApiError(cause: unknown): ApiError | null {
  if (cause instanceof ApiError) return cause;
  switch (errorCodeOf(cause)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('PAYLOAD_TOO_LARGE');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('TYPE_MISMATCH', {
        message: 'The request body does not have the length that Content-Length says.',
        details: [{ pointer: '#/headers/Content-Length', message: 'Content-Length must be the length of the body.' }],
      });
    default:
      return null;
  }
}
