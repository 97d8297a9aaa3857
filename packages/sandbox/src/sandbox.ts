import fastify, { type FastifyInstance } from 'fastify';
import { type SandboxClock, systemClock } from './clock.ts';
import { registerControlScope } from './control-scope.ts';
import { type Recorder, recordCalls } from './exchange.ts';
import { createFaults, type Faults } from './faults.ts';
import { createFeed, type Feed } from './feed.ts';
import { createHubspot, type HubspotSimulator } from './hubspot/hubspot.ts';
import { createIntercom, type IntercomSimulator } from './intercom/intercom.ts';
import { registerPage } from './page/serve.ts';
import type { Simulator, SimulatorContext } from './simulator.ts';
import type { TelegramOptions } from './telegram/state.ts';
import { createTelegram, type TelegramSimulator } from './telegram/telegram.ts';

export interface SandboxOptions {
  readonly clock?: SandboxClock;
  /** Returns a number in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  readonly telegram?: TelegramOptions;
  /** Receives every exchange with the simulated providers, for checks against the providers' descriptions. */
  readonly record?: Recorder;
}

export interface Sandbox {
  readonly telegram: TelegramSimulator;
  readonly intercom: IntercomSimulator;
  readonly hubspot: HubspotSimulator;
  readonly feed: Feed;
  readonly faults: Faults;
  /** The base address. Throws an error before `listen`. */
  readonly url: string;
  /** Default: a free port of the loopback address. */
  listen(at?: { readonly port?: number; readonly host?: string }): Promise<string>;
  close(): Promise<void>;
}

/** Enough for the largest file of a customer (Telegram: 20 MB) in base64. */
const bodyLimitBytes = 64 * 1024 * 1024;

/** The simulated providers on one HTTP server: `/telegram`, `/intercom`, `/hubspot`, and `/control` to drive them. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = options.clock ?? systemClock;
  const feed = createFeed(() => clock.nowMs());
  const faults = createFaults(clock);
  const { record } = options;
  const context: SimulatorContext = {
    clock,
    random: options.random ?? Math.random,
    feed,
    faults,
    ...(record === undefined ? {} : { record }),
  };
  const telegram = createTelegram(context, options.telegram);
  const intercom = createIntercom(context);
  const hubspot = createHubspot(context);
  const simulators = { telegram, intercom, hubspot };

  const app = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
  });
  mountApi(app, 'telegram', telegram, context);
  mountApi(app, 'intercom', intercom, context);
  mountApi(app, 'hubspot', hubspot, context);
  registerControlScope(app, { simulators, feed, faults });
  registerPage(app);

  let url: string | undefined;
  return {
    telegram,
    intercom,
    hubspot,
    feed,
    faults,
    get url() {
      if (url === undefined) throw new Error('The sandbox has no address yet: call listen() first.');
      return url;
    },
    async listen({ port = 0, host = '127.0.0.1' } = {}) {
      url = await app.listen({ port, host });
      return url;
    },
    async close() {
      await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
      await app.close();
    },
  };
}

function mountApi(
  app: FastifyInstance,
  name: keyof Pick<Sandbox, 'telegram' | 'intercom' | 'hubspot'>,
  simulator: Simulator,
  { faults, record }: SimulatorContext,
): void {
  void app.register(
    (scope, _options, done) => {
      passRawBodies(scope);
      if (record) recordCalls(scope, name, faults, record);
      simulator.api(scope);
      done();
    },
    { prefix: `/${name}` },
  );
}

/** Providers sign and parse the bytes of a body, so their routes receive raw bodies. */
function passRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}
