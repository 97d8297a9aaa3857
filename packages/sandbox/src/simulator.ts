import type { FastifyInstance } from 'fastify';
import type { SandboxClock } from './clock.ts';
import type { Recorder } from './exchange.ts';
import type { Faults } from './faults.ts';
import type { Feed } from './feed.ts';

/** What a simulated provider needs from the sandbox. */
export interface SimulatorContext {
  readonly clock: SandboxClock;
  /** Returns a number in [0, 1); seeded in tests. */
  readonly random: () => number;
  readonly feed: Feed;
  readonly faults: Faults;
  readonly record?: Recorder;
}

/** One simulated provider: `api` is the provider's own API, `control` the routes that drive the simulation. */
export interface Simulator {
  /** Registers the provider's own routes, relative to its prefix. The raw body is `request.body` as a Buffer. */
  readonly api: (app: FastifyInstance) => void;
  /** Registers control routes, relative to `/control/<provider>`. JSON bodies are parsed. */
  readonly control: (app: FastifyInstance) => void;
  /** Ends timers and open deliveries. */
  close(): Promise<void>;
}
