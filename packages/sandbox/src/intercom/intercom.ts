import type { FastifyInstance } from 'fastify';
import { refuseUnknownPaths } from '../inbox-server/mount-operation.ts';
import type { Simulator, SimulatorContext } from '../simulator.ts';
import { adminOperations } from './admins.ts';
import { mountAttachments } from './attachments.ts';
import { contactMergeOperations } from './contact-merge.ts';
import { contactSearchOperations } from './contact-search.ts';
import { contactOperations } from './contacts.ts';
import { createControl, type IntercomControl } from './control.ts';
import { mountControlRoutes } from './control-routes.ts';
import { conversationOperations } from './conversations.ts';
import { dataAttributeOperations } from './data-attributes.ts';
import { createEnvironment, type Environment } from './environment.ts';
import { messageOperations } from './messages.ts';
import { mountOauth } from './oauth.ts';
import { mountOperation, type Operation } from './operation.ts';
import { partOperations } from './parts.ts';
import { resourceNotFound } from './refusal.ts';
import { replyOperations } from './replies.ts';
import { tagOperations } from './tags.ts';
import type { Region } from './workspace.ts';
import { createWorkspaces, type Workspaces } from './workspaces.ts';

export interface IntercomSimulator extends Simulator, IntercomControl {}

const regions: readonly Region[] = ['us', 'eu', 'au'];

/** Intercom's REST API 2.16 over real HTTP: the part that a bridge between messengers and the inbox uses. */
export function createIntercom(context: SimulatorContext): IntercomSimulator {
  const environment = createEnvironment(context);
  const workspaces = createWorkspaces(environment);
  const control = createControl(environment, workspaces);
  return {
    ...control,
    api(app) {
      mountRegion(app, environment, workspaces, null);
      for (const region of regions) {
        void app.register(
          (scope, _options, done) => {
            mountRegion(scope, environment, workspaces, region);
            done();
          },
          { prefix: `/${region}` },
        );
      }
    },
    control: (app) => mountControlRoutes(app, control),
    async close() {
      environment.webhooks.close();
    },
  };
}

/** Intercom: the hosts of a region serve the workspaces of that region only. Null serves all regions at once. */
function mountRegion(
  app: FastifyInstance,
  environment: Environment,
  workspaces: Workspaces,
  region: Region | null,
): void {
  const workspaceByToken = (token: string) => {
    const workspace = workspaces.byToken(token);
    return region === null || workspace?.region === region ? workspace : undefined;
  };
  for (const operation of operationsOf(environment)) mountOperation(app, environment, operation, workspaceByToken);
  mountOauth(app, environment, workspaces, region);
  mountAttachments(app, environment.context.faults, workspaces.list);
  refuseUnknownPaths(app, environment.ids, resourceNotFound);
}

function operationsOf(environment: Environment): readonly Operation[] {
  return [
    ...adminOperations,
    ...contactOperations(environment),
    ...contactSearchOperations(environment),
    ...contactMergeOperations(environment),
    ...dataAttributeOperations(environment),
    ...messageOperations(environment),
    ...conversationOperations(environment),
    ...replyOperations(environment),
    ...partOperations(environment),
    ...tagOperations(environment),
  ];
}
