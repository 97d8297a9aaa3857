import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { Client, Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { type Connections, openConnections } from './connections.ts';
import { startCourse } from './course.ts';
import { codeOf, failureDetail } from './failure-detail.ts';
import { selfTest, type TracedCall } from './self-test.ts';
import { createWriteWatch, type WriteTrace } from './write-watch.ts';

export interface HttpRequest {
  /** The whole address. It never appears in a result: it may carry a secret. */
  readonly url: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Bounds everything: waiting for a connection, connecting, and the whole answer. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** More than this ends the call as uncertain. Default 8 MiB (Telegram: getUpdates answers up to about 4 MiB). */
  readonly maxResponseBytes?: number;
  /** A call that waits at the provider by design (a long poll): takes no place from the others. */
  readonly longPoll?: boolean;
}

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type HttpFailure =
  /** Proof that no byte of the request left this process, and that none will. */
  | { readonly kind: 'not-written'; readonly detail: string }
  /** Everything else without a whole answer. */
  | { readonly kind: 'uncertain'; readonly detail: string };

export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer }
  | HttpFailure;

export type HttpStream =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly body: Readable }
  | HttpFailure;

/** HTTP for all providers. No method throws for what a network can do; nothing is ever repeated inside. */
export interface Transport {
  call(request: HttpRequest): Promise<HttpResult>;
  /** Like `call`, but the body is for the caller to consume or destroy; `limitMs` bounds that too. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Run it at start: throws, with what to do, where this installation cannot tell written from unwritten requests. */
  selfTest(): Promise<void>;
  /** Refuses new calls, waits for those under way, closes the connections. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly clock: Clock;
  /** Calls under way at once to one origin; the others wait within their own limit. Default 256. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  /** For hosts whose IPv6 route is broken. */
  readonly ipv4Only?: boolean;
  readonly lookup?: LookupFunction;
}

interface Opened {
  readonly response: Dispatcher.ResponseData;
  /** Must be called once the body is done with. */
  readonly end: () => void;
  /** Why the call was stopped by us, if it was. */
  readonly stopDetail: () => string | null;
}

const DEFAULT_MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

export function createTransport(options: TransportOptions): Transport {
  const { clock, connections = 256 } = options;
  const pools = new Map<string, Connections>();
  const watch = createWriteWatch();
  let closed = false;

  const connectionsTo = (origin: string, longPoll: boolean): Connections => {
    const name = longPoll ? `${origin} long polls` : origin;
    const known = pools.get(name);
    if (known) return known;
    const made = openConnections(origin, clientOptions(options), longPoll ? Number.POSITIVE_INFINITY : connections);
    pools.set(name, made);
    return made;
  };

  const open = async (request: HttpRequest, observed: (trace: WriteTrace) => void): Promise<Opened | HttpFailure> => {
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      return { kind: 'not-written', detail: 'the address is no http or https URL; check the configured base address' };
    }
    if (closed) return { kind: 'not-written', detail: 'the gateway is shutting down' };
    const pool = connectionsTo(url.origin, request.longPoll === true);
    const course = startCourse(clock, request.limitMs, request.signal);
    const client = await pool.take(course.signal);
    if (client === null) {
      course.end();
      return { kind: 'not-written', detail: `${course.stopDetail()}; still waiting for a free connection` };
    }
    const end = (): void => {
      course.end();
      if (course.stopDetail() === null) pool.giveBack(client);
      else pool.discard(client);
    };
    const body = request.body?.byteLength ? request.body : null;
    const { trace, answer } = watch.during(body, (trace) => ({
      trace,
      answer: client.request({
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers ?? {},
        body,
        signal: course.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    }));
    observed(trace);
    try {
      // undici leaves a stopped request hanging until its connection is made, so the course has the last word.
      const response = await Promise.race([answer, course.stopped]);
      return { response, end, stopDetail: course.stopDetail };
    } catch (error) {
      const failure = failureOf(trace, error, course.stopDetail());
      end();
      return failure;
    }
  };

  const traced: TracedCall = async (request) => {
    let trace: WriteTrace = { created: false, written: false };
    const opened = await open(request, (seen) => {
      trace = seen;
    });
    if ('kind' in opened) return { result: opened, trace };
    const { statusCode: status, headers, body } = opened.response;
    try {
      const bytes = await readWhole(body, request.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES);
      if (bytes === null) return { result: { kind: 'uncertain', detail: 'the answer is too large' }, trace };
      return { result: { kind: 'answered', status, headers, body: bytes }, trace };
    } catch (error) {
      const detail = opened.stopDetail() ?? failureDetail(error);
      return { result: { kind: 'uncertain', detail: `the answer was cut short: ${detail}` }, trace };
    } finally {
      opened.end();
    }
  };

  return {
    selfTest: () => selfTest(traced),
    call: async (request) => (await traced(request)).result,
    async stream(request) {
      const opened = await open(request, () => undefined);
      if ('kind' in opened) return opened;
      const { statusCode: status, headers, body } = opened.response;
      body.once('close', opened.end);
      return { kind: 'answered', status, headers, body };
    },
    async close() {
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      watch.close();
    },
  };
}

function clientOptions({ connectTimeoutMs = 3_000, ipv4Only = false, lookup }: TransportOptions): Client.Options {
  return {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 15_000,
    keepAliveMaxTimeout: 60_000,
    connect: {
      timeout: connectTimeoutMs,
      ...(ipv4Only ? { family: 4 } : {}),
      ...(lookup ? { lookup } : {}),
    },
  };
}

function failureOf(trace: WriteTrace, error: unknown, stopDetail: string | null): HttpFailure {
  const detail = stopDetail ?? failureDetail(error);
  // undici throws this while it checks its arguments, before there is a request to report.
  const refusedByUndici = !trace.created && codeOf(error) === 'UND_ERR_INVALID_ARG';
  const nothingWritten = refusedByUndici || (trace.created && !trace.written);
  return { kind: nothingWritten ? 'not-written' : 'uncertain', detail };
}

async function readWhole(body: Readable, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a response body gave something that is no buffer');
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}
