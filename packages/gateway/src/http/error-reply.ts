import { type ErrorBody, errorBody, errorNamed } from '@chatferry/contract';
import type { FastifyReply } from 'fastify';
import { errorCodeOf } from '../errors/error-code.ts';
import { ApiError } from '../operations/api-error.ts';

/** Turns an error into the answer to a request. `refuse-connection.ts` does so for connections that sent no complete request. */
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

/** The error of the catalogue for a refusal by an operation or by the server. Null for any other error, which is a bug. */
export function asApiError(cause: unknown): ApiError | null {
  if (cause instanceof ApiError) return cause;
  switch (errorCodeOf(cause)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('PAYLOAD_TOO_LARGE');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('TYPE_MISMATCH', {
        message: 'The length of the request body is not the one in Content-Length.',
        details: [{ pointer: '#/headers/Content-Length', message: 'Content-Length must be the length of the body.' }],
      });
    default:
      return null;
  }
}
