import type { LookupFunction } from 'node:net';
import type { Client, Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { createDeadlines } from '../../ports/deadlines.ts';
import { type CallLimit, startCallLimit } from './call-limit.ts';
import { type AnswerEnd, collectAnswer } from './collect-answer.ts';
import { type ConnectionPools, createConnectionPools } from './connection-pools.ts';
import { openConnections } from './connections.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { EgressRefused } from './egress-refused.ts';
import { codeOf, failureDetail } from './failure-detail.ts';
import { createGuardedConnector, refusalOf } from './guarded-connector.ts';
import type { HttpFailure, HttpRequest, HttpResult, HttpStream } from './http-call.ts';
import { selfTest, type TracedCall } from './self-test.ts';
import { createWriteWatch, type WriteTrace, type WriteWatch } from './write-watch.ts';

/**
 * The only outgoing HTTP of the gateway. No method throws for what a network can do, nothing is ever repeated inside, and no
 * redirect is followed. Every connection is checked against the egress policy when it is made.
 */
export interface Transport extends EgressPolicy {
  call(request: HttpRequest): Promise<HttpResult>;
  /** Like `call`, but the body is for the caller to consume or destroy; its limits bound that too. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /**
   * Why no connection to this address would be made; null if one may be. A name that cannot be looked up within two
   * seconds may be called: each connection is checked again.
   */
  refusalOf(url: string): Promise<string | null>;
  /** Run it at start: throws, with what to do, where this installation cannot tell written from unwritten requests. */
  selfTest(): Promise<void>;
  /** Refuses new calls, waits for those under way, closes the connections. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly policy: EgressPolicy;
  /**
   * Calls under way at once to one origin; the others wait within their own limit. Default 1,024. One party has at most a
   * quarter of them.
   */
  readonly connections?: number;
  /** Origins to which connections are kept; as many again for long polls. Default 256. */
  readonly originsMax?: number;
  readonly connectTimeoutMs?: number;
  /** For hosts whose IPv6 route is broken. */
  readonly ipv4Only?: boolean;
  readonly lookup?: LookupFunction;
}

/** A connection for one call. */
interface Call {
  readonly client: Client;
  readonly url: URL;
  readonly callLimit: CallLimit;
  /** Must be called once the call is done with. */
  readonly end: () => void;
}

interface Opened {
  readonly response: Dispatcher.ResponseData;
  /** Must be called once the body is done with. */
  readonly end: () => void;
}

/** Calls that name no party have one share together. */
const noParty = {};
const defaultMaxResponseBytes = 8 * 1024 * 1024;

export function createTransport(options: TransportOptions): Transport {
  const watch = createWriteWatch();
  const deadlines = createDeadlines(options.clock);
  /** The server of the self-test, which is on the loopback interface. */
  let ownOrigin: string | null = null;
  const isConfigured = (origin: string): boolean => origin === ownOrigin || options.policy.isConfigured(origin);
  const pools = openPools({ ...options, policy: { isConfigured } });
  let closed = false;

  const take = async (request: HttpRequest): Promise<Call | HttpFailure> => {
    const url = parseHttpUrl(request.url);
    if (url === null) {
      return { kind: 'not-written', detail: 'the address is no http or https URL; check the configured base address' };
    }
    if (closed) return { kind: 'not-written', detail: 'the gateway is shutting down' };
    const pool = pools.of(url.origin, request.longPoll === true);
    const callLimit = startCallLimit(deadlines, request);
    const taken = await pool.take(callLimit, request.party ?? noParty);
    const end = (): void => {
      callLimit.end();
      if (callLimit.stopDetail() === null) taken?.giveBack();
      else taken?.discard();
    };
    if (taken === null || callLimit.stopDetail() !== null) {
      end();
      return { kind: 'not-written', detail: `${callLimit.stopDetail()}; still waiting for a free connection` };
    }
    return { client: taken.client, url, callLimit, end };
  };

  const traced: TracedCall = async (request) => {
    const taken = await take(request);
    if ('kind' in taken) return { result: taken, trace: { created: false, written: false } };
    return exchange(watch, taken, request);
  };

  return {
    isConfigured: options.policy.isConfigured,
    async selfTest() {
      try {
        await selfTest(traced, (origin) => {
          ownOrigin = origin;
        });
      } finally {
        ownOrigin = null;
      }
    },
    call: async (request) => (await traced(request)).result,
    async stream(request) {
      const taken = await take(request);
      if ('kind' in taken) return taken;
      const opened = await openStream(watch, taken, request);
      if ('kind' in opened) return opened;
      const { statusCode: status, headers, body } = opened.response;
      body.once('close', opened.end);
      const { stopDetail, restartIdle } = taken.callLimit;
      restartIdle();
      return { kind: 'answered', status, headers, body, stopDetail, onBytes: restartIdle };
    },
    refusalOf: (url) =>
      refusalOf(url, { isConfigured: options.policy.isConfigured, lookup: options.lookup, deadlines }),
    async close() {
      closed = true;
      await pools.close();
      watch.close();
      deadlines.close();
    },
  };
}

/** Sends the request and waits for the whole answer. */
function exchange(
  watch: WriteWatch,
  { client, url, callLimit, end }: Call,
  request: HttpRequest,
): Promise<{ readonly result: HttpResult; readonly trace: WriteTrace }> {
  return new Promise((resolve) => {
    let settled = false;
    let begun = false;
    const settle = (result: HttpResult): void => {
      if (settled) return;
      settled = true;
      end();
      resolve({ result, trace });
    };
    const finish = (ended: AnswerEnd): void => {
      if (ended.kind === 'whole') {
        const { status, headers, body: bytes } = ended;
        settle({ kind: 'answered', status, headers, body: bytes });
      } else if (ended.kind === 'too-large') settle({ kind: 'uncertain', detail: 'the answer is too large' });
      else settle(begun ? cutShort(failureDetail(ended.error)) : failureOf(trace, ended.error));
    };
    const onBegin = (): void => {
      begun = true;
    };
    const { maxResponseBytes: maxBytes = defaultMaxResponseBytes, keepBytes } = request;
    const body = bodyOf(request);
    const limits = { maxBytes, ...(keepBytes === undefined ? {} : { keepBytes }) };
    const handler = collectAnswer(limits, { onBegin, onEnd: finish });
    const trace = watch.during(body, () => client.dispatch(parametersOf(request, url, body), handler));
    // Stopped: the connection is discarded before undici can write anything that is still unwritten.
    callLimit.onStop(() => settle(begun ? cutShort(`${callLimit.stopDetail()}`) : stoppedFailure(callLimit, trace)));
  });
}

/** Sends the request and waits for the head of the answer. */
function openStream(
  watch: WriteWatch,
  { client, url, callLimit, end }: Call,
  request: HttpRequest,
): Promise<Opened | HttpFailure> {
  return new Promise((resolve) => {
    const fail = (failure: HttpFailure): void => {
      end();
      resolve(failure);
    };
    const body = bodyOf(request);
    const trace = watch.during(body, () =>
      client.request(parametersOf(request, url, body), (error, response) => {
        if (error === null) resolve({ response, end });
        else if (callLimit.stopDetail() === null) fail(failureOf(trace, error));
      }),
    );
    callLimit.onStop(() => fail(stoppedFailure(callLimit, trace)));
  });
}

const bodyOf = ({ body }: HttpRequest): Buffer | null => (body?.byteLength ? body : null);

/** How long a connection is kept that no call uses; also the interval at which this is looked at. */
const unusedMs = 5 * 60_000;

function openPools(options: TransportOptions): ConnectionPools {
  const { clock, policy, connections = 1_024, originsMax = 256 } = options;
  const { connectTimeoutMs: timeoutMs = 3_000, ipv4Only = false, lookup } = options;
  return createConnectionPools({
    clock,
    originsMax,
    unusedMs,
    open({ origin, longPoll }) {
      const connect = createGuardedConnector(origin, { policy, timeoutMs, ipv4Only, lookup });
      const total = longPoll ? Number.POSITIVE_INFINITY : connections;
      return openConnections(origin, { ...clientOptions, connect }, { total, perParty: Math.ceil(total / 4) });
    },
  });
}

const clientOptions = { pipelining: 1, allowH2: false, keepAliveTimeout: 15_000, keepAliveMaxTimeout: 60_000 };

function parametersOf(request: HttpRequest, url: URL, body: Buffer | null): Dispatcher.RequestOptions {
  return {
    path: url.pathname + url.search,
    method: request.method,
    headers: request.headers ?? {},
    body,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** The address, or null if it is none: the error that says so quotes it, and it may carry a token. */
function parseHttpUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}

function failureOf(trace: WriteTrace, error: unknown): HttpFailure {
  // undici says this while it checks its arguments, before there is a request to report.
  const refusedByUndici = !trace.created && codeOf(error) === 'UND_ERR_INVALID_ARG';
  const detail = failureDetail(error);
  if (!refusedByUndici && !isUnwritten(trace)) return { kind: 'uncertain', detail };
  if (error instanceof EgressRefused) return { kind: 'not-written', detail, isBarred: true };
  return { kind: 'not-written', detail, ...(codeOf(error) === 'ENOTFOUND' ? { isUnknownHost: true } : {}) };
}

const stoppedFailure = (callLimit: CallLimit, trace: WriteTrace): HttpFailure => ({
  kind: isUnwritten(trace) ? 'not-written' : 'uncertain',
  detail: `${callLimit.stopDetail()}`,
});

const cutShort = (detail: string): HttpFailure => ({
  kind: 'uncertain',
  detail: `the answer was cut short: ${detail}`,
});

/** Seen, and not seen to be written. */
const isUnwritten = (trace: WriteTrace): boolean => trace.created && !trace.written;
