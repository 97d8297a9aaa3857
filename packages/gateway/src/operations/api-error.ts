import { type ErrorName, errorNamed, type ParseFailure, type Problem } from '@chatferry/contract';

export interface ApiErrorParts {
  /** Replaces the catalogue's sentence; safe to show. */
  readonly message?: string | undefined;
  readonly details?: readonly Problem[] | undefined;
  readonly messageId?: number | undefined;
  /** What the channel's provider answered. */
  readonly provider?: { readonly error_code: number; readonly description: string } | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly allow?: readonly string[] | undefined;
  /** Of the request that is answered again, in place of this one's. */
  readonly requestId?: string | undefined;
  /** For the log only. */
  readonly cause?: unknown;
}

/** A refusal that ends a request: a name of the error catalogue and what is public about it. */
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

/** The refusal of a request that does not fit its schema. */
export const invalid = (failure: ParseFailure): ApiError =>
  new ApiError(byCode[failure.code], { message: failure.message, details: failure.details });

/** The refusal of one value, where only the store or a provider could tell. */
export const unfit = (pointer: string, message: string): ApiError =>
  new ApiError('TYPE_MISMATCH', { message, details: [{ pointer, message }] });
