import type { Simulator, SimulatorContext } from '../simulator.ts';
import { mountAuthorize } from './authorize.ts';
import { channelAccountOperations } from './channel-accounts.ts';
import { mountChannelSetup } from './channel-setup.ts';
import { channelOperations } from './channels.ts';
import { contactSearchOperations } from './contact-search.ts';
import { contactOperations } from './contacts.ts';
import { createControl, type HubspotControl } from './control.ts';
import { mountControlRoutes } from './control-routes.ts';
import { conversationOperations } from './conversations.ts';
import { createEnvironment, type Environment } from './environment.ts';
import { fileOperations, mountFileContents } from './files.ts';
import { messageOperations } from './messages.ts';
import { mountOauth } from './oauth.ts';
import { mountOperation, type Operation } from './operation.ts';
import { ownerOperations } from './owners.ts';
import { createPortals } from './portals.ts';
import { propertyOperations } from './properties.ts';
import { answerUnknownPaths } from './unknown-paths.ts';

export interface HubspotSimulator extends Simulator, HubspotControl {}

/** HubSpot's custom channels and the APIs that they need, over real HTTP. */
export function createHubspot(context: SimulatorContext): HubspotSimulator {
  const environment = createEnvironment(context);
  const portals = createPortals(environment);
  const control = createControl(environment, portals);
  return {
    ...control,
    api(app) {
      mountOauth(app, environment, portals);
      mountAuthorize(app, environment, portals);
      mountChannelSetup(app, environment, portals);
      mountFileContents(app, context.faults, portals);
      for (const operation of operationsOf(environment)) mountOperation(app, environment, portals, operation);
      answerUnknownPaths(app);
    },
    control: (app) => mountControlRoutes(app, control),
    async close() {
      environment.webhooks.close();
    },
  };
}

function operationsOf(environment: Environment): readonly Operation[] {
  return [
    ...channelOperations(environment),
    ...channelAccountOperations(environment),
    ...messageOperations(environment),
    ...conversationOperations(environment),
    ...ownerOperations,
    ...propertyOperations,
    ...contactOperations(environment),
    ...contactSearchOperations(environment),
    ...fileOperations(environment),
  ];
}
