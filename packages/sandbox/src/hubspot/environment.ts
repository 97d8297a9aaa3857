import { createIds, type Ids } from '../inbox-server/ids.ts';
import type { SimulatorContext } from '../simulator.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

/** What every operation of the simulator needs. */
export interface Environment {
  readonly context: SimulatorContext;
  readonly ids: HubspotIds;
  readonly webhooks: Webhooks;
}

export type HubspotIds = Ids<keyof typeof firstIds>;

/** The first id of each kind; they have the length of real ids. */
const firstIds = {
  portal: 243842001,
  app: 3915001,
  user: 70421001,
  owner: 158301,
  inbox: 881001,
  channel: 1201,
  account: 456001,
  thread: 7001000001,
  contact: 90851001,
  file: 170001000001,
  visitor: 555001,
};

export function createEnvironment(context: SimulatorContext): Environment {
  const ids: HubspotIds = createIds(context.random, firstIds);
  return { context, ids, webhooks: createWebhooks(context, ids) };
}
