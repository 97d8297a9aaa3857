import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Fault, Faults } from './faults.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One HTTP exchange between an app and a simulated provider, as it went over the wire. */
export interface Exchange {
  readonly provider: Fault['provider'];
  /** `call`: the app called the provider. `webhook`: the provider called the app. */
  readonly kind: 'call' | 'webhook';
  readonly method: string;
  /** With its query. Of a call without the provider's prefix, such as `/contacts/search`. */
  readonly path: string;
  /** Names are in lower case. */
  readonly headers: Headers;
  readonly body: Buffer;
  /** Undefined where the connection ended without a complete answer. */
  readonly answer: ExchangeAnswer | undefined;
  /**
   * What a test put in the provider's place: the answer of an injected fault, or an update with content of the test.
   * It says nothing about the simulated provider.
   */
  readonly planted: boolean;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Receives every exchange once, after its end. It must not throw. */
export type Recorder = (exchange: Exchange) => void;

/** Records the calls of the routes in this scope. */
export function recordCalls(
  app: FastifyInstance,
  provider: Exchange['provider'],
  faults: Pick<Faults, 'isPlanted'>,
  record: Recorder,
): void {
  const answers = new WeakMap<FastifyRequest, ExchangeAnswer>();
  app.addHook('preHandler', (request, reply, done) => {
    reply.raw.once('close', () => {
      const answer = answers.get(request);
      record({
        provider,
        kind: 'call',
        method: request.method,
        path: (request.raw.url ?? '').slice(app.prefix.length),
        headers: request.headers,
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        answer,
        planted: faults.isPlanted(reply),
      });
    });
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload) || payload === null || payload === undefined)
      answers.set(request, {
        status: reply.statusCode,
        body: Buffer.from(payload ?? ''),
      });
    done(null, payload);
  });
}
