import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { controlBody, optionalIntegerIn } from './control-body.ts';
import { ControlError } from './control-error.ts';
import { readFault } from './control-fault.ts';
import type { Faults } from './faults.ts';
import type { Feed, FeedEvent } from './feed.ts';
import type { Simulator } from './simulator.ts';

interface ControlParts {
  readonly simulators: Readonly<Record<string, Simulator>>;
  readonly feed: Feed;
  readonly faults: Faults;
}

/** Registers `/control`, which drives the sandbox. Every error is `{error}`, a sentence that says what to do. */
export function registerControlScope(app: FastifyInstance, { simulators, feed, faults }: ControlParts): void {
  void app.register(
    (scope, _options, done) => {
      scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
        reply.code(error.statusCode ?? 500).send({ error: error.message }),
      );
      scope.setNotFoundHandler((request, reply) =>
        reply.code(404).send({
          error: `There is no control route ${request.method} ${request.url}. The sandbox's README lists the routes.`,
        }),
      );
      readBodiesAsJson(scope);
      scope.get('/feed', (request) => feed.since(readSince(request)));
      scope.get('/events', (request, reply) => streamEvents(feed, readSince(request), reply));
      scope.get('/faults', () => faults.list());
      scope.post('/faults', (request, reply) => {
        const fault = readFault(controlBody(request.body));
        faults.inject(fault);
        return reply.code(201).send(fault);
      });
      scope.delete('/faults', (_request, reply) => {
        faults.clear();
        return reply.code(204).send();
      });
      scope.get('/faults/hanging', () => faults.hanging());
      scope.delete('/faults/hanging', (_request, reply) => {
        faults.endHanging();
        return reply.code(204).send();
      });
      for (const [name, simulator] of Object.entries(simulators)) {
        void scope.register(
          (own, _own, ready) => {
            simulator.control(own);
            ready();
          },
          { prefix: `/${name}` },
        );
      }
      done();
    },
    { prefix: '/control' },
  );
}

/** Control bodies are read as JSON whatever their content type, so that `curl -d` works. An empty body is no body. */
function readBodiesAsJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      done(new ControlError(400, `The body is not JSON: ${cause.message}.`));
    }
  });
}

function readSince(request: FastifyRequest): number {
  const since = optionalIntegerIn(controlBody(request.query), 'since') ?? lastEventId(request);
  if (since < 0) throw new ControlError(400, 'Give "since" as the sequence number of the last event you have, or 0.');
  return since;
}

/** The header that an EventSource sends when it connects again. */
function lastEventId(request: FastifyRequest): number {
  const given = request.headers['last-event-id'];
  return typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : 0;
}

function streamEvents(feed: Feed, since: number, reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const write = (event: FeedEvent) => reply.raw.write(`id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
  for (const event of feed.since(since)) write(event);
  const unsubscribe = feed.subscribe(write);
  reply.raw.on('close', unsubscribe);
  reply.raw.flushHeaders();
}
