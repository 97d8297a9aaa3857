import { type ApiError, toApiError } from './errors.js';
import type { ErrorBody } from './types.gen.js';

/** `Retry-After` in milliseconds. Undefined if it is absent or a date. */
export const readRetryAfterMs = (response: Response): number | undefined => {
  const seconds = response.headers.get('retry-after');
  return seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
};

const isErrorBody = (value: unknown): value is ErrorBody =>
  typeof value === 'object' &&
  value !== null &&
  'error_code' in value &&
  typeof value.error_code === 'number' &&
  'error' in value &&
  typeof value.error === 'string';

/** The JSON of a body. Undefined for an empty body and for what is not JSON. */
export const readJson = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

/** The error that an answer of the gateway states. Undefined if another server answered. */
export const readApiError = (
  response: Response,
  body: unknown,
  idempotencyKey: string | undefined,
): ApiError | undefined =>
  isErrorBody(body)
    ? toApiError({ status: response.status, body, retryAfterMs: readRetryAfterMs(response), idempotencyKey })
    : undefined;
