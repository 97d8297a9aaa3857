import { createIds, type Ids } from '../inbox-server/ids.ts';
import type { SimulatorContext } from '../simulator.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';
import type { Seconds } from './workspace.ts';

/** What every operation of the simulator needs. */
export interface Environment {
  readonly context: SimulatorContext;
  readonly webhooks: Webhooks;
  readonly ids: IntercomIds;
}

export type IntercomIds = Ids<keyof typeof firstIds>;

/** The first id of each kind; they have the length of real ids. */
const firstIds = {
  conversation: 215474000000001,
  part: 45763000001,
  message: 403918001,
  admin: 6827001,
  team: 5017001,
  tag: 7522001,
  attribute: 37001,
  subscription: 1,
};

export function createEnvironment(context: SimulatorContext): Environment {
  const ids: IntercomIds = createIds(context.random, firstIds);
  return { context, ids, webhooks: createWebhooks(context, ids) };
}

/** The current time, as Intercom writes it. */
export function nowSeconds(environment: Environment): Seconds {
  return Math.floor(environment.context.clock.nowMs() / 1000);
}
