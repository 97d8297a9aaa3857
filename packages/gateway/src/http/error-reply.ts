import { type ErrorBody, errorBody, errorNamed } from '@chatferry/contract';
import type { FastifyReply } from 'fastify';
import { errorCodeOf } from '../errors/error-code.ts';
import { ApiError } from '../operations/api-error.ts';

/** The answer to a request or a connection that was refused. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

/** Turns an error into an answer. Every error in the documented form is made here, also for webhooks and broken connections. */
export function answerOf(requestId: string, error: ApiError): ErrorAnswer {
  const { status } = errorNamed(error.error);
  const { retryAfterMs, allow, message, details, messageId, provider, reason } = error.parts;
  return {
    status,
    headers: {
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }),
      ...(allow === undefined ? {} : { allow: allow.join(', ') }),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: errorBody({
      requestId: error.parts.requestId ?? requestId,
      name: error.error,
      message,
      details,
      messageId,
      telegram: provider,
      reason,
    }),
  };
}

/** Answers a request with an error. */
export function replyWithError(reply: FastifyReply, requestId: string, error: ApiError): ErrorBody {
  const { status, headers, body } = answerOf(requestId, error);
  void reply.code(status).headers(headers);
  return body;
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
