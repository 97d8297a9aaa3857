import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type ControlBody,
  controlBody,
  optionalListIn,
  optionalObjectIn,
  optionalTextIn,
  optionalTextsIn,
  textIn,
} from '../control-body.ts';
import { ControlError } from '../control-error.ts';
import type { AgentReply } from './agent.ts';
import type { IntercomControl } from './control.ts';
import type { Region } from './workspace.ts';
import type { NewWorkspace } from './workspaces.ts';

/** Each control route calls the method of the simulator that it is named for. */
export function mountControlRoutes(app: FastifyInstance, control: IntercomControl): void {
  app.post('/workspaces', (request, reply) => {
    void reply.code(201);
    return control.createWorkspace(newWorkspaceIn(controlBody(request.body)));
  });
  app.get('/workspaces', () => control.listWorkspaces());
  app.get('/workspaces/:id/teams', (request) => control.listTeams(workspaceIdIn(request)));
  app.patch('/workspaces/:id/options', (request) =>
    control.setOptions(workspaceIdIn(request), controlBody(request.body)),
  );
  app.post('/workspaces/:id/subscribe', (request) => {
    const body = controlBody(request.body);
    return control.subscribe(workspaceIdIn(request), { url: textIn(body, 'url'), ...topicsIn(body) });
  });
  app.post('/workspaces/:id/uninstall', (request) => control.uninstall(workspaceIdIn(request)));
  app.post('/workspaces/:id/ping', (request) => control.ping(workspaceIdIn(request)));
  app.post('/workspaces/:id/repeat-notification', (request) => control.repeatNotification(workspaceIdIn(request)));
  app.get('/workspaces/:id/deliveries', (request) => control.deliveries(workspaceIdIn(request)));
  app.get('/workspaces/:id/contacts', (request) => control.contacts(workspaceIdIn(request)));
  app.post('/workspaces/:id/contacts/merge', (request) => {
    const body = controlBody(request.body);
    return control.mergeContacts(workspaceIdIn(request), { from: textIn(body, 'from'), into: textIn(body, 'into') });
  });
  app.post('/workspaces/:id/contacts/:cid/archive', (request) =>
    control.archiveContact(workspaceIdIn(request), itemIdIn(request)),
  );
  app.post('/workspaces/:id/contacts/:cid/name', (request) =>
    control.nameContact(workspaceIdIn(request), itemIdIn(request), textIn(controlBody(request.body), 'name')),
  );
  app.delete('/workspaces/:id/contacts/:cid', (request) =>
    control.deleteContact(workspaceIdIn(request), itemIdIn(request)),
  );
  app.get('/workspaces/:id/conversations', (request) => control.conversations(workspaceIdIn(request)));
  app.get('/workspaces/:id/conversations/:cid', (request) =>
    control.transcript(workspaceIdIn(request), itemIdIn(request)),
  );
  app.delete('/workspaces/:id/conversations/:cid', (request) =>
    control.deleteConversation(workspaceIdIn(request), itemIdIn(request)),
  );
  app.post('/workspaces/:id/conversations/:cid/reply', (request) =>
    control.reply(workspaceIdIn(request), itemIdIn(request), agentReplyIn(controlBody(request.body))),
  );
}

const workspaceIdIn = (request: FastifyRequest) => textIn(controlBody(request.params), 'id');
const itemIdIn = (request: FastifyRequest) => textIn(controlBody(request.params), 'cid');

function topicsIn(body: ControlBody): { readonly topics?: readonly string[] } {
  const topics = body['topics'];
  if (topics === undefined || topics === null) return {};
  if (Array.isArray(topics) && topics.every((topic) => typeof topic === 'string')) return { topics };
  throw new ControlError(400, 'Give "topics" as a list of strings, or leave it out for all that a bridge needs.');
}

function newWorkspaceIn(body: ControlBody): NewWorkspace {
  return {
    name: optionalTextIn(body, 'name'),
    region: regionIn(body),
    app_of: optionalTextIn(body, 'app_of'),
    redirect_urls: optionalTextsIn(body, 'redirect_urls'),
    admins: optionalListIn(body, 'admins', (admin) => ({ name: textIn(admin, 'name'), email: textIn(admin, 'email') })),
    options: optionalObjectIn(body, 'options'),
  };
}

function regionIn(body: ControlBody): Region | undefined {
  const region = optionalTextIn(body, 'region');
  if (region === undefined || region === 'us' || region === 'eu' || region === 'au') return region;
  throw new ControlError(400, 'Give "region" as us, eu or au.');
}

function agentReplyIn(body: ControlBody): AgentReply {
  return {
    admin_id: optionalTextIn(body, 'admin_id'),
    body: optionalTextIn(body, 'body'),
    kind: optionalTextIn(body, 'kind'),
    as: optionalTextIn(body, 'as'),
    assignee_id: optionalTextIn(body, 'assignee_id'),
    attachments: optionalListIn(body, 'attachments', (file) => ({
      name: textIn(file, 'name'),
      url: optionalTextIn(file, 'url'),
      content_base64: optionalTextIn(file, 'content_base64'),
      content_type: optionalTextIn(file, 'content_type'),
    })),
    translations: textsIn(optionalObjectIn(body, 'translations')),
    quick_replies: optionalListIn(body, 'quick_replies', (option) => ({
      text: textIn(option, 'text'),
      uuid: textIn(option, 'uuid'),
    })),
  };
}

const textsIn = (body: ControlBody | undefined): Readonly<Record<string, string>> | undefined =>
  body && Object.fromEntries(Object.keys(body).map((name) => [name, textIn(body, name)]));
