import type { ErrorBody, Problem } from './types.gen.js';

/** The names of the error catalogue. */
export type ErrorName = ErrorBody['error_name'];

/** What every error of this package is an instance of. */
export class ChatferryError extends Error {}

/** The client was given something that it cannot use: an address, a key or an argument. Nothing was sent. */
export class ConfigurationError extends ChatferryError {
  override readonly name = 'ConfigurationError';
}

export interface ApiErrorParts {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterMs: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/** An error answer of the gateway. Decide by the class, `name` or `code`; `message` is for people. */
export class ApiError extends ChatferryError {
  override readonly name: ErrorName;
  readonly code: number;
  readonly status: number;
  readonly requestId: string;
  /** The page about this error, with its cause and what to do. Undefined if an older gateway answered. */
  readonly docUrl: string | undefined;
  /** All problems of the request, with RFC 6901 pointers. Empty for errors of other kinds. */
  readonly details: readonly Problem[];
  /** The id of the message, if it was stored before the error, for example with OUTCOME_UNKNOWN. */
  readonly messageId: number | undefined;
  /** Telegram's own answer, if Telegram refused the message. */
  readonly telegram: { readonly error_code: number; readonly description: string } | undefined;
  /** The wait that the gateway asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** With this key the call can be repeated without a second message. */
  readonly idempotencyKey: string | undefined;
  /** The whole answer. */
  readonly body: ErrorBody;

  constructor({ status, body, retryAfterMs, idempotencyKey }: ApiErrorParts) {
    super(body.error);
    this.name = body.error_name;
    this.code = body.error_code;
    this.status = status;
    this.requestId = body.request_id;
    this.docUrl = body.doc_url;
    this.details = body.details ?? [];
    this.messageId = body.message_id;
    this.telegram = body.telegram;
    this.retryAfterMs = retryAfterMs;
    this.idempotencyKey = idempotencyKey;
    this.body = body;
  }
}

/** The request must be corrected: `details` names each problem. */
export class InvalidRequestError extends ApiError {}

/** The key is missing, unknown, rotated, revoked or expired. */
export class AuthenticationError extends ApiError {}

/** The credential is valid, but may not do this. */
export class PermissionError extends ApiError {}

/** There is no such object for this credential. */
export class NotFoundError extends ApiError {}

/** The request contradicts what exists, such as another use of the same idempotency key. */
export class ConflictError extends ApiError {}

/** Too many requests. Nothing was sent; `retryAfterMs` says when to repeat. */
export class RateLimitError extends ApiError {}

/** Telegram refused the message: `telegram` says why. Nothing was delivered. */
export class RejectedError extends ApiError {}

/** The message may have been sent, and nothing proves it. Do not send it again; look at `messageId`. */
export class OutcomeUnknownError extends ApiError {}

/** The gateway failed, or cannot work now. */
export class ServerError extends ApiError {}

const byStatus: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitError,
};

/** Makes the error of an answer, of the class that fits. */
export const toApiError = (parts: ApiErrorParts): ApiError => {
  const { status, body } = parts;
  const { error_name: name } = body;
  if (name === 'OUTCOME_UNKNOWN') return new OutcomeUnknownError(parts);
  if (name === 'DEPRECATED_API_KEY') return new AuthenticationError(parts);
  if (body.telegram !== undefined || name === 'TELEGRAM_REJECTED' || name === 'USER_NOT_FOUND')
    return new RejectedError(parts);
  const Fitting = byStatus[status] ?? (status < 500 ? InvalidRequestError : ServerError);
  return new Fitting(parts);
};

/**
 * Why there is no answer. `refused`: no connection was made; `timeout` and `broken`: the request may have been executed;
 * `aborted`: the caller ended the call; `foreign`: another server answered.
 */
export type ConnectionFailure = 'refused' | 'timeout' | 'aborted' | 'broken' | 'foreign';

/** The gateway was not reached, or its answer did not arrive. A call with an `idempotencyKey` can be repeated safely with that key. */
export class ConnectionError extends ChatferryError {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionFailure;
  /** False only if it is certain that no part of the request was sent. */
  readonly mayHaveBeenSent: boolean;
  readonly idempotencyKey: string | undefined;

  constructor(
    kind: ConnectionFailure,
    message: string,
    options: { cause?: unknown; idempotencyKey: string | undefined; mayHaveBeenSent?: boolean },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.mayHaveBeenSent = options.mayHaveBeenSent ?? kind !== 'refused';
    this.idempotencyKey = options.idempotencyKey;
  }
}
