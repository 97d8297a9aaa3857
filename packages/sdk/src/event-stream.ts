/** The stream of events: one request that stays open, and further ones where the last one ended. */
import { composeRequest } from './compose-request.js';
import { judgeFailure } from './connection-failure.js';
import { ApiError, ConfigurationError, ConnectionError } from './errors.js';
import { readApiError, readJson } from './read-answer.js';
import type { CallableOperation, CallInput } from './resource.js';
import { startTimer } from './runtime.js';
import { type Frame, readFrames } from './server-sent-events.js';
import type { Settings } from './settings.js';
import type { Event } from './types.gen.js';

interface StreamControl {
  /** Ends the stream: the loop over it ends without an error. */
  readonly signal?: AbortSignal | undefined;
  /** After how many milliseconds without a byte the connection counts as lost. Default: 60 000. The gateway sends a sign of life more often. */
  readonly idleMs?: number | undefined;
  /** Called before each new connection, with why the last one ended and the wait in milliseconds. */
  readonly onReconnect?: ((reason: Error, delayMs: number) => void) | undefined;
}

/** What a stream can be given: the filters of the operation, and what ends it. */
export type StreamOptions<Query> = Omit<Query, 'cursor' | 'limit' | 'after' | 'types'> & {
  /** Only events of these types. Absent: all. */
  readonly types?: string | readonly Event['type'][] | undefined;
  /** The id of the last event that you have. Absent: only what happens from now on. */
  readonly after?: string | undefined;
} & StreamControl;

interface Stream {
  readonly settings: Settings;
  readonly operation: CallableOperation;
  readonly fields: CallInput['fields'];
  readonly control: StreamControl;
  lastId: string | undefined;
  /** Whether the gateway has answered with a stream. */
  wasOpen: boolean;
  /** Attempts since the last byte. */
  failures: number;
}

const idleMsDefault = 60_000;
const waitMaxMs = 30_000;

/** The stream ended without an error: the gateway was stopped, or this reader was too slow. */
const ended = (): ConnectionError =>
  new ConnectionError('broken', 'The gateway ended the stream.', { idempotencyKey: undefined });

const openStream = async (stream: Stream, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
  const { settings, operation, fields, lastId } = stream;
  const after = lastId === undefined ? {} : { after: lastId };
  const request = composeRequest(settings, operation, { params: [], fields: { ...fields, ...after }, options: {} });
  const resume = lastId === undefined || !stream.wasOpen ? {} : { 'last-event-id': lastId };
  const response = await settings.fetch(request.url, {
    headers: { ...request.headers, accept: 'text/event-stream', ...resume },
    redirect: 'error',
    signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.ok && isStream && response.body !== null) return response.body;
  const error = readApiError(response, await readJson(response), undefined);
  if (error !== undefined) throw error;
  const text = `Another server answered with HTTP ${response.status}, not with a stream of the gateway. Check baseUrl.`;
  throw new ConnectionError('foreign', text, { idempotencyKey: undefined });
};

/** One connection. A timer ends it if nothing arrives. */
async function* readConnection(stream: Stream): AsyncGenerator<Frame> {
  const { control, settings } = stream;
  const lost = new AbortController();
  const endAfter = (ms: number) =>
    startTimer(ms, () => lost.abort(new DOMException(`Nothing arrived within ${ms} ms.`, 'TimeoutError')));
  let stop = endAfter(settings.timeoutMs);
  const onBytes = (): void => {
    stop();
    stop = endAfter(control.idleMs ?? idleMsDefault);
    stream.failures = 0;
  };
  const signal = control.signal === undefined ? lost.signal : AbortSignal.any([lost.signal, control.signal]);
  try {
    const body = await openStream(stream, signal);
    stream.wasOpen = true;
    yield* readFrames(body, onBytes);
  } finally {
    stop();
  }
}

/** Why a connection ended, if another one may help. Throws what will not pass by itself. */
const judgeEnd = (error: unknown, { wasOpen, failures, settings }: Stream): Error => {
  const isGivenUp = !wasOpen && failures >= settings.retriesMax;
  if (error instanceof ConfigurationError || error instanceof SyntaxError) throw error;
  if (error instanceof ApiError) {
    if (isGivenUp || (error.status < 500 && error.status !== 429)) throw error;
    return error;
  }
  if (error instanceof ConnectionError) {
    if (isGivenUp) throw error;
    return error;
  }
  const call = { url: settings.base, idempotencyKey: undefined, timeoutMs: idleMsDefault };
  const failure = judgeFailure(error, { ...call, isAborted: false, mayHaveBeenSent: false });
  if (isGivenUp || (!failure.isPassing && failure.error.kind !== 'timeout')) throw failure.error;
  return failure.error;
};

const delayOf = (reason: Error, { failures, settings }: Stream): number => {
  const asked = reason instanceof ApiError ? reason.retryAfterMs : undefined;
  return asked ?? Math.min(waitMaxMs, 500 * 2 ** Math.min(failures, 10)) * (1 - settings.chance() / 2);
};

const isEnded = ({ control }: Stream): boolean => control.signal?.aborted === true;

const waitBeforeNext = async (stream: Stream, reason: Error): Promise<void> => {
  const delayMs = delayOf(reason, stream);
  stream.failures += 1;
  stream.control.onReconnect?.(reason, delayMs);
  try {
    await stream.settings.wait(delayMs, stream.control.signal);
  } catch (error) {
    if (!isEnded(stream)) throw error;
  }
};

async function* readStream(stream: Stream): AsyncGenerator<unknown> {
  while (!isEnded(stream)) {
    let reason: Error = ended();
    try {
      for await (const { id, data } of readConnection(stream)) {
        if (id !== undefined) stream.lastId = id;
        if (data !== undefined) yield JSON.parse(data);
        if (isEnded(stream)) return;
      }
    } catch (error) {
      if (isEnded(stream)) return;
      reason = judgeEnd(error, stream);
    }
    await waitBeforeNext(stream, reason);
  }
}

/**
 * Calls an operation that answers with server-sent events. A connection that ends is followed by another one, which begins after the last
 * event. Throws `ApiError` or `ConnectionError` for what will not pass by itself, and if the first connection cannot be made.
 */
export const streamEvents = (
  settings: Settings,
  operation: CallableOperation,
  input: CallInput,
): AsyncIterable<unknown> => {
  const { signal, idleMs, onReconnect, after, ...fields } = input.fields as StreamControl & { readonly after?: string };
  const control = { signal, idleMs, onReconnect };
  return {
    [Symbol.asyncIterator]: () =>
      readStream({ settings, operation, fields, control, lastId: after, wasOpen: false, failures: 0 }),
  };
};
