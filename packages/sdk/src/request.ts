/**
 * One call: its attempts, its limits and its errors. Only calls that had no effect are repeated: a refused connection, and 429 or 503 with Retry-After.
 * A 504 is never repeated because the message may have been sent.
 */
import { ApiError, ConnectionError } from './errors.ts';
import type { ErrorBody } from './types.gen.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Transport {
  readonly fetch: Fetch;
  /** Resolves after the delay. Rejects with the reason of the signal when the signal is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal | undefined) => Promise<void>;
  /** The limit for one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** The maximum number of attempts after the first. */
  readonly retriesMax: number;
  /** The maximum Retry-After to wait for, in milliseconds. A longer one ends the call. */
  readonly retryWaitMaxMs: number;
}

export interface ApiRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const refusedBackoffMs = 250;

/** Undici has the error of the socket in `cause`, and the errors of several addresses in its `errors`. */
const isRefused = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && error.code === 'ECONNREFUSED') {
    return !('errors' in error) || !Array.isArray(error.errors) || error.errors.every(isRefused);
  }
  return 'cause' in error && isRefused(error.cause);
};

const readRetryAfterMs = (response: Response): number | undefined => {
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

const readBody = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

type Outcome =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'repeat'; readonly delayMs: number; readonly error: Error };

const toConnectionError = (error: unknown, request: ApiRequest, timeoutMs: number): ConnectionError => {
  const options = { cause: error, idempotencyKey: request.idempotencyKey };
  const again =
    request.idempotencyKey === undefined
      ? 'Check the address and the network.'
      : 'Repeat the call with the same idempotencyKey.';
  if (request.signal?.aborted === true)
    return new ConnectionError('aborted', 'The caller aborted the call before its answer.', options);
  if (isRefused(error))
    return new ConnectionError(
      'refused',
      'The gateway refused the connection; nothing was sent. Check baseUrl, and that the gateway runs.',
      options,
    );
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ConnectionError(
      'timeout',
      `No answer within ${timeoutMs} ms; the request may have been executed. ${again}`,
      options,
    );
  }
  return new ConnectionError(
    'broken',
    `The connection broke before an answer; the request may have been executed. ${again}`,
    options,
  );
};

const attempt = async (request: ApiRequest, transport: Transport): Promise<Outcome> => {
  const timeout = AbortSignal.timeout(transport.timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
  try {
    const response = await transport.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      // A redirect would send the key to another address.
      redirect: 'error',
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const body = await readBody(response);
    if (response.ok) return { kind: 'answer', body };
    const retryAfterMs = readRetryAfterMs(response);
    if (!isErrorBody(body)) {
      throw new ConnectionError(
        'foreign',
        `Another server answered with HTTP ${response.status}, not the gateway. Check baseUrl.`,
        {
          idempotencyKey: request.idempotencyKey,
        },
      );
    }
    const error = new ApiError({ status: response.status, body, retryAfterMs, idempotencyKey: request.idempotencyKey });
    const isSafe = response.status === 429 || response.status === 503;
    if (isSafe && retryAfterMs !== undefined && retryAfterMs <= transport.retryWaitMaxMs) {
      return { kind: 'repeat', delayMs: retryAfterMs, error };
    }
    throw error;
  } catch (error) {
    if (error instanceof ApiError || error instanceof ConnectionError) throw error;
    const failure = toConnectionError(error, request, transport.timeoutMs);
    if (failure.kind === 'refused') return { kind: 'repeat', delayMs: refusedBackoffMs, error: failure };
    throw failure;
  }
};

/** Sends a request, repeats it if that is safe, and returns the body of the answer. Throws `ApiError` or `ConnectionError`. */
export const sendRequest = async (request: ApiRequest, transport: Transport): Promise<unknown> => {
  for (let repeated = 0; ; repeated += 1) {
    const outcome = await attempt(request, transport);
    if (outcome.kind === 'answer') return outcome.body;
    if (repeated >= transport.retriesMax) throw outcome.error;
    try {
      await transport.wait(
        outcome.delayMs * (outcome.error instanceof ConnectionError ? 2 ** repeated : 1),
        request.signal,
      );
    } catch (error) {
      throw toConnectionError(error, request, transport.timeoutMs);
    }
  }
};
