import fastify, { type FastifyInstance } from 'fastify';
import type { SandboxClock } from '../clock.ts';
import { createFaults, type Faults } from '../faults.ts';
import { createFeed, type Feed } from '../feed.ts';
import type { Simulator, SimulatorContext } from '../simulator.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they check.
  readonly body: any;
}

export interface Rig<Simulated extends Simulator> {
  readonly simulator: Simulated;
  readonly feed: Feed;
  readonly faults: Faults;
  readonly url: string;
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  close(): Promise<void>;
}

/** A simulator on a real server of its own, mounted as the sandbox mounts it, with a seeded random source. */
export async function startRig<Simulated extends Simulator>(
  name: string,
  create: (context: SimulatorContext) => Simulated,
  clock: SandboxClock,
): Promise<Rig<Simulated>> {
  const feed = createFeed(() => clock.nowMs());
  const faults = createFaults(clock);
  const simulator = create({ clock, random: seeded(7), feed, faults });
  const app: FastifyInstance = fastify({ forceCloseConnections: true });
  void app.register(
    (scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
      simulator.api(scope);
      done();
    },
    { prefix: `/${name}` },
  );
  void app.register(
    (scope, _options, done) => {
      simulator.control(scope);
      done();
    },
    { prefix: `/control/${name}` },
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    simulator,
    feed,
    faults,
    url,
    async request(method, path, body, headers = {}) {
      const raw = typeof body === 'string' || body instanceof FormData || body instanceof URLSearchParams;
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
        redirect: 'manual',
      });
      const text = await response.text();
      const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
      const answer = text === '' ? null : isPage ? text : JSON.parse(text);
      return { status: response.status, headers: response.headers, body: answer };
    },
    async close() {
      await simulator.close();
      await app.close();
    },
  };
}

/** A small linear congruential generator: tests repeat. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
