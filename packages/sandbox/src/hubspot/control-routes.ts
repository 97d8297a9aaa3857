import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type ControlBody,
  controlBody,
  optionalBooleanIn,
  optionalListIn,
  optionalObjectIn,
  optionalTextIn,
  optionalTextsIn,
  textIn,
} from '../control-body.ts';
import type { AgentReply } from './agent.ts';
import type { HubspotControl } from './control.ts';
import type { NewPortal } from './portals.ts';

/** Each control route calls the method of the simulator that it is named for. */
export function mountControlRoutes(app: FastifyInstance, control: HubspotControl): void {
  app.post('/portals', (request, reply) => {
    void reply.code(201);
    return control.createPortal(newPortalIn(controlBody(request.body)));
  });
  app.get('/portals', () => control.listPortals());
  app.patch('/portals/:id/options', (request) => control.setOptions(portalIdIn(request), controlBody(request.body)));
  app.post('/portals/:id/authorize', (request) =>
    control.authorize(portalIdIn(request), {
      redirect_uri: textIn(controlBody(request.body), 'redirect_uri'),
      scopes: optionalTextsIn(controlBody(request.body), 'scopes'),
    }),
  );
  app.post('/portals/:id/uninstall', (request) => control.uninstall(portalIdIn(request)));
  app.post('/portals/:id/staging-tokens', (request) =>
    control.createStagingToken(portalIdIn(request), {
      channel_id: textIn(controlBody(request.body), 'channel_id'),
      inbox_id: optionalTextIn(controlBody(request.body), 'inbox_id'),
    }),
  );
  app.post('/portals/:id/repeat-event', (request) => control.repeatEvent(portalIdIn(request)));
  app.get('/portals/:id/deliveries', (request) => control.deliveries(portalIdIn(request)));
  app.get('/portals/:id/contacts', (request) => control.contacts(portalIdIn(request)));
  app.delete('/portals/:id/contacts/:cid', (request) =>
    control.deleteContact(portalIdIn(request), textIn(controlBody(request.params), 'cid')),
  );
  app.post('/portals/:id/contacts/:cid/name', (request) =>
    control.nameContact(
      portalIdIn(request),
      textIn(controlBody(request.params), 'cid'),
      textIn(controlBody(request.body), 'name'),
    ),
  );
  app.get('/portals/:id/threads', (request) => control.threads(portalIdIn(request)));
  app.get('/portals/:id/threads/:tid', (request) => control.transcript(portalIdIn(request), threadIdIn(request)));
  app.delete('/portals/:id/threads/:tid', (request) => control.deleteThread(portalIdIn(request), threadIdIn(request)));
  app.post('/portals/:id/threads/:tid/reply', (request) =>
    control.reply(portalIdIn(request), threadIdIn(request), agentReplyIn(controlBody(request.body))),
  );
}

const portalIdIn = (request: FastifyRequest) => textIn(controlBody(request.params), 'id');
const threadIdIn = (request: FastifyRequest) => textIn(controlBody(request.params), 'tid');

function newPortalIn(body: ControlBody): NewPortal {
  return {
    name: optionalTextIn(body, 'name'),
    app_of: optionalTextIn(body, 'app_of'),
    inboxes: optionalListIn(body, 'inboxes', (inbox) => ({
      name: textIn(inbox, 'name'),
      type: optionalTextIn(inbox, 'type'),
    })),
    redirect_urls: optionalTextsIn(body, 'redirect_urls'),
    scopes: optionalTextsIn(body, 'scopes'),
    users: optionalListIn(body, 'users', (user) => ({ name: textIn(user, 'name'), email: textIn(user, 'email') })),
    contact_properties: optionalListIn(body, 'contact_properties', (property) => ({
      name: textIn(property, 'name'),
      unique: optionalBooleanIn(property, 'unique') ?? false,
    })),
    options: optionalObjectIn(body, 'options'),
  };
}

function agentReplyIn(body: ControlBody): AgentReply {
  return {
    user_id: optionalTextIn(body, 'user_id'),
    text: optionalTextIn(body, 'text'),
    rich_text: optionalTextIn(body, 'rich_text'),
    kind: optionalTextIn(body, 'kind'),
    as: optionalTextIn(body, 'as'),
    attachments: optionalListIn(body, 'attachments', (attachment) => attachment),
  };
}
