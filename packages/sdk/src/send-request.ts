/**
 * One call: its attempts, its limits and its errors.
 *
 * Repeated are: calls that never reached a server; 429 and 503 of the gateway with Retry-After, because the gateway did nothing; 409 with
 * Retry-After, because the first request is still in progress; and, only for reads and for calls with an Idempotency-Key, broken
 * connections and the 502, 503 and 504 of a proxy. Never repeated is the gateway's own 504, which is an answer: the message may have
 * been sent, and a repetition does not tell more.
 */
import type { ApiRequest } from './compose-request.js';
import { judgeFailure } from './connection-failure.js';
import { type ApiError, ConnectionError } from './errors.js';
import { readApiError, readJson, readRetryAfterMs } from './read-answer.js';
import type { CallOptions, Settings } from './settings.js';

export interface Answer {
  readonly body: unknown;
  readonly response: Response;
  /** How many requests the call made. */
  readonly attempts: number;
}

/** What an attempt came to, if it was not answered. */
interface Miss {
  readonly error: ApiError | ConnectionError;
  /** `no`: a repetition is of no use or not safe. `soon`: after a wait of our choice. A number: after that number of milliseconds. */
  readonly repeat: 'no' | 'soon' | number;
  /** Whether the request may have been executed. */
  readonly mayHaveBeenSent: boolean;
}

type Outcome = { readonly body: unknown; readonly response: Response } | Miss;

interface Call {
  readonly settings: Settings;
  readonly request: ApiRequest;
  readonly options: CallOptions;
  /** Whether the answer has a body. */
  readonly hasAnswer: boolean;
}

const timeoutOf = ({ options, settings }: Call): number => options.timeoutMs ?? settings.timeoutMs;

/** A stream is read once, so it cannot be sent a second time. */
const isRepeatable = ({ body }: ApiRequest): boolean => !(body instanceof ReadableStream);

const isSafeToRepeat = ({ method, idempotencyKey }: ApiRequest): boolean =>
  idempotencyKey !== undefined || method === 'GET';

/** The wait before a repetition: it doubles, and a half of it is by chance, so that many clients do not come back at once. */
const backoffMs = (repeated: number, { chance }: Settings): number => 500 * 2 ** repeated * (1 - chance() / 2);

const judgeApiError = (error: ApiError, { settings }: Call): Miss => {
  const isPassing = error.status === 429 || error.status === 503 || error.name === 'IDEMPOTENCY_CONFLICT';
  const waitMs = error.retryAfterMs;
  const repeats = isPassing && waitMs !== undefined && waitMs <= settings.retryWaitMaxMs;
  // Up to a tenth more, for the same reason as above.
  return { error, repeat: repeats ? waitMs * (1 + settings.chance() / 10) : 'no', mayHaveBeenSent: false };
};

/** An answer that is not the gateway's: of a proxy before it, or of another server at a wrong address. */
const judgeForeign = (response: Response, { request, settings }: Call): Miss => {
  const { status } = response;
  const { idempotencyKey } = request;
  const isProxy = status === 502 || status === 503 || status === 504;
  const text = isProxy
    ? `A proxy answered with HTTP ${status}, not the gateway; the request may have been executed.`
    : `Another server answered with HTTP ${status}, not the gateway. Check baseUrl.`;
  const waitMs = readRetryAfterMs(response);
  const repeats = isProxy && isSafeToRepeat(request) && (waitMs ?? 0) <= settings.retryWaitMaxMs;
  return {
    error: new ConnectionError('foreign', text, { idempotencyKey }),
    repeat: repeats ? (waitMs ?? 'soon') : 'no',
    mayHaveBeenSent: isProxy,
  };
};

const judgeThrown = (error: unknown, call: Call): Miss => {
  const { request, options } = call;
  const failure = judgeFailure(error, {
    url: request.url,
    idempotencyKey: request.idempotencyKey,
    timeoutMs: timeoutOf(call),
    isAborted: options.signal?.aborted === true,
    mayHaveBeenSent: true,
  });
  const { mayHaveBeenSent } = failure.error;
  const repeats = failure.isPassing && (!mayHaveBeenSent || isSafeToRepeat(request));
  return { error: failure.error, repeat: repeats ? 'soon' : 'no', mayHaveBeenSent };
};

const bodyOf = ({ body }: ApiRequest): RequestInit => {
  if (body === undefined) return {};
  const given = body as NonNullable<RequestInit['body']>;
  // The standard asks for `duplex` with a stream; the types of browsers do not have it yet.
  const init = { body: given, duplex: 'half' } as const;
  return body instanceof ReadableStream ? init : { body: given };
};

const attempt = async (call: Call): Promise<Outcome> => {
  const { request, options, settings } = call;
  const timeout = AbortSignal.timeout(timeoutOf(call));
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    const response = await settings.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      // A redirect would send the key to another address.
      redirect: 'error',
      signal,
      ...bodyOf(request),
    });
    const body = await readJson(response);
    if (response.ok && (body !== undefined || !call.hasAnswer)) return { body, response };
    const error = response.ok ? undefined : readApiError(response, body, request.idempotencyKey);
    return error === undefined ? judgeForeign(response, call) : judgeApiError(error, call);
  } catch (error) {
    return judgeThrown(error, call);
  }
};

/** An error that tells nothing about an earlier attempt. */
const isSilentOnEarlier = (error: ApiError | ConnectionError): boolean =>
  error instanceof ConnectionError || error.status === 429 || error.status === 503;

/** The error of the last attempt. It must not say that nothing was sent if an earlier attempt may have been executed. */
const finalError = (last: Miss, earlier: Miss | undefined): ApiError | ConnectionError => {
  const { error } = last;
  if (earlier === undefined || last.mayHaveBeenSent || !isSilentOnEarlier(error)) return error;
  const { idempotencyKey } = error;
  const text = `The request may have been executed: its first answer was lost, and its repetition failed. Repeat the call with the same idempotencyKey. The last failure: ${error.message}`;
  return new ConnectionError('broken', text, { cause: error, idempotencyKey });
};

const waitFor = async (delayMs: number, call: Call, mayHaveBeenSent: boolean): Promise<void> => {
  const { settings, options, request } = call;
  try {
    await settings.wait(delayMs, options.signal);
  } catch (error) {
    const { url, idempotencyKey } = request;
    const failed = { url, idempotencyKey, timeoutMs: timeoutOf(call), isAborted: true, mayHaveBeenSent };
    throw judgeFailure(error, failed).error;
  }
};

/** Whether the request that has this Idempotency-Key is still in progress. */
const isInProgress = ({ error }: Miss): boolean => error.name === 'IDEMPOTENCY_CONFLICT';

/** Makes the request, repeats it if that is safe, and returns the answer. Throws `ApiError` or `ConnectionError`. */
export const sendRequest = async (call: Call): Promise<Answer> => {
  const { settings } = call;
  const attemptsMax = isRepeatable(call.request) ? Number.POSITIVE_INFINITY : 1;
  let earlier: Miss | undefined;
  let repeated = 0;
  let waitedForProgressMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(call);
    if ('response' in outcome) return { ...outcome, attempts };
    const { repeat } = outcome;
    const delayMs = repeat === 'soon' ? backoffMs(repeated, settings) : repeat;
    // A request in progress ends by itself: what is limited is the wait, not the number of questions.
    const isAllowed = isInProgress(outcome) ? waitedForProgressMs < timeoutOf(call) : repeated < settings.retriesMax;
    if (delayMs === 'no' || !isAllowed || attempts >= attemptsMax) throw finalError(outcome, earlier);
    if (isInProgress(outcome)) waitedForProgressMs += Math.max(delayMs, 1);
    else repeated += 1;
    if (outcome.mayHaveBeenSent) earlier = outcome;
    await waitFor(delayMs, call, earlier !== undefined);
  }
};
