import { composeRequest } from './compose-request.js';
import type { CallableOperation, CallInput } from './resource.js';
import { type Answer, sendRequest } from './send-request.js';
import type { Settings } from './settings.js';

/** A result with the answer that it came in. */
export interface WithResponse<T> {
  readonly data: T;
  readonly status: number;
  readonly headers: Headers;
  /** The id of the request at the gateway: name it in a question to its operator. */
  readonly requestId: string | undefined;
  /** How many requests the call made. */
  readonly attempts: number;
}

/** The promise of a result. */
export interface Call<T> extends Promise<T> {
  /** Resolves to the result together with the status, the headers and the request id of the answer. */
  withResponse(): Promise<WithResponse<T>>;
}

const requestIdOf = (answer: Answer): string | undefined => {
  const { body, response } = answer;
  const stated = typeof body === 'object' && body !== null && 'request_id' in body ? body.request_id : undefined;
  return response.headers.get('x-request-id') ?? (typeof stated === 'string' ? stated : undefined);
};

const show = <T>(answer: Answer): WithResponse<T> => ({
  // The gateway answers as the contract says.
  data: answer.body as T,
  status: answer.response.status,
  headers: answer.response.headers,
  requestId: requestIdOf(answer),
  attempts: answer.attempts,
});

class RunningCall<T> implements Call<T> {
  readonly [Symbol.toStringTag] = 'Call';
  readonly #answer: Promise<WithResponse<T>>;

  constructor(answer: Promise<WithResponse<T>>) {
    this.#answer = answer;
  }

  withResponse(): Promise<WithResponse<T>> {
    return this.#answer;
  }

  // biome-ignore lint/suspicious/noThenProperty: a call is awaited as a promise, and is a second promise for `withResponse` only if asked.
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answer.then(({ data }) => data).then(fulfilled, rejected);
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, rejected);
  }

  finally(done?: (() => void) | null): Promise<T> {
    return this.then().finally(done);
  }
}

const runOperation = async (settings: Settings, operation: CallableOperation, input: CallInput): Promise<Answer> => {
  const request = composeRequest(settings, operation, input);
  return sendRequest({ settings, request, options: input.options, hasAnswer: operation.isSilent !== true });
};

/** Calls an operation. */
export const callOperation = <T>(settings: Settings, operation: CallableOperation, input: CallInput): Call<T> =>
  new RunningCall(runOperation(settings, operation, input).then((answer) => show<T>(answer)));
