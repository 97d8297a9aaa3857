import type { ErrorBody, Problem } from './types.gen.ts';

/** The names of the error catalogue. */
export type ErrorName = ErrorBody['error_name'];

export interface ApiErrorParts {
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfterMs: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The gateway answered with an error of its catalogue. Branch on `name` or `code`; `message` is for a person. */
export class ApiError extends Error {
  override readonly name: ErrorName;
  readonly code: number;
  readonly status: number;
  readonly requestId: string;
  /** Every problem of the request, with RFC 6901 pointers; empty where the error is of another kind. */
  readonly details: readonly Problem[];
  /** The message that was stored before the failure, as after OUTCOME_UNKNOWN. */
  readonly messageId: number | undefined;
  /** Telegram's own answer, with TELEGRAM_REJECTED. */
  readonly telegram: { readonly error_code: number; readonly description: string } | undefined;
  readonly retryAfterMs: number | undefined;
  /** The key under which this call may be repeated without a second message. */
  readonly idempotencyKey: string | undefined;

  constructor({ status, body, retryAfterMs, idempotencyKey }: ApiErrorParts) {
    super(body.error);
    this.name = body.error_name;
    this.code = body.error_code;
    this.status = status;
    this.requestId = body.request_id;
    this.details = body.details ?? [];
    this.messageId = body.message_id;
    this.telegram = body.telegram;
    this.retryAfterMs = retryAfterMs;
    this.idempotencyKey = idempotencyKey;
  }
}

/** Why there is no answer of the gateway. `refused`: nothing was sent; `timeout` and `broken`: it may have been; `foreign`: something else answered. */
export type ConnectionFailure = 'refused' | 'timeout' | 'aborted' | 'broken' | 'foreign';

/** The gateway was not reached or its answer did not arrive. A call with an `idempotencyKey` may be repeated with that key. */
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
