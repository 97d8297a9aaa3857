import { type ErrorName, errorNamed, type FailureReason, type ParseFailure, type Problem } from '@chatferry/contract';

export interface ApiErrorParts {
  /** Replaces the message of the error catalogue. Callers see it. */
  readonly message?: string | undefined;
  readonly details?: readonly Problem[] | undefined;
  readonly messageId?: number | undefined;
  /** What the channel's provider answered. */
  readonly provider?: { readonly error_code: number; readonly description: string } | undefined;
  /** Why the provider refused a message. */
  readonly reason?: FailureReason | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly allow?: readonly string[] | undefined;
  /** The id of the earlier request whose answer is repeated. Replaces the id of this request. */
  readonly requestId?: string | undefined;
  /** For the log only. */
  readonly cause?: unknown;
}

/** Ends a request with an error of the catalogue. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly error: ErrorName;
  readonly parts: ApiErrorParts;

  constructor(error: ErrorName, parts: ApiErrorParts = {}) {
    super(parts.message ?? errorNamed(error).message, parts.cause === undefined ? {} : { cause: parts.cause });
    this.error = error;
    this.parts = parts;
  }
}

const byCode = { 1: 'ARGUMENT_MISSING', 2: 'EMPTY_BODY', 4: 'TYPE_MISMATCH' } as const;

/** The error for a request that does not match its schema. */
export const invalidRequest = (failure: ParseFailure): ApiError =>
  new ApiError(byCode[failure.code], { message: failure.message, details: failure.details });

/** The error for one value that matches the schema and is still wrong, as the store or a provider found out. */
export const invalidValue = (pointer: string, message: string): ApiError =>
  new ApiError('TYPE_MISMATCH', { message, details: [{ pointer, message }] });
