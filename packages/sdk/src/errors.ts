import type { ErrorBody, Problem } from './types.gen.ts';

/** The names of the error catalogue. */
export type ErrorName = ErrorBody['error_name'];

export interface ApiErrorParts {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterMs: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/** An error answer of the gateway. Decide by `name` or `code`; `message` is for people. */
export class ApiError extends Error {
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
  /** Telegram's own answer, with USER_NOT_FOUND and TELEGRAM_REJECTED. */
  readonly telegram: { readonly error_code: number; readonly description: string } | undefined;
  readonly retryAfterMs: number | undefined;
  /** With this key the call can be repeated without a second message. */
  readonly idempotencyKey: string | undefined;

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
  }
}

/** Why there is no answer. `refused`: nothing was sent; `timeout` and `broken`: the request may have been executed; `foreign`: another server answered. */
export type ConnectionFailure = 'refused' | 'timeout' | 'aborted' | 'broken' | 'foreign';

/** The gateway was not reached, or its answer did not arrive. A call with an `idempotencyKey` can be repeated safely with that key. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly kind: ConnectionFailure;
  readonly idempotencyKey: string | undefined;

  constructor(
    kind: ConnectionFailure,
    message: string,
    options: { cause?: unknown; idempotencyKey: string | undefined },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.idempotencyKey = options.idempotencyKey;
  }
}
