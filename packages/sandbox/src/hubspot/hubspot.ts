import { ControlError } from '../control-error.ts';
import type { Simulator, SimulatorContext } from '../simulator.ts';
import { type AgentReply, replyAsAgent } from './agent.ts';
import { mountAuthorize } from './authorize.ts';
import { channelAccountOperations } from './channel-accounts.ts';
import { beginChannelSetup, mountChannelSetup } from './channel-setup.ts';
import { channelOperations } from './channels.ts';
import { contactSearchOperations } from './contact-search.ts';
import { contactOperations, contactShape } from './contacts.ts';
import { mountControl } from './control-routes.ts';
import { conversationOperations } from './conversations.ts';
import { createIds, type Environment } from './environment.ts';
import { fileOperations, mountFileContents } from './files.ts';
import { messageOperations } from './messages.ts';
import { mountOauth } from './oauth.ts';
import { mountOperation } from './operation.ts';
import { type HubspotOptions, withOptions } from './options.ts';
import { ownerOperations } from './owners.ts';
import type { Portal, PortalInbox } from './portal.ts';
import { createPortals, type NewPortal, type Portals } from './portals.ts';
import { propertyOperations } from './properties.ts';
import { notFound, refusalAnswer } from './refusal.ts';
import { summaryOf, type ThreadSummary, type Transcript, transcriptOf } from './transcript.ts';
import { createWebhooks, type Delivery } from './webhooks.ts';

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** What a new portal, with the app installed, hands to whoever connects to it. */
export interface PortalCredentials {
  readonly portal_id: string;
  readonly name: string;
  readonly app_id: string;
  readonly client_id: string;
  /** Signs the webhooks too. */
  readonly client_secret: string;
  readonly developer_api_key: string;
  readonly refresh_token: string;
  readonly inbox_id: string;
  readonly inboxes: readonly PortalInbox[];
  readonly users: readonly Person[];
}

export interface PortalSummary {
  readonly portal_id: string;
  readonly name: string;
  readonly app_id: string;
  readonly inbox_id: string;
  readonly users: readonly Person[];
  readonly threads: number;
  readonly options: HubspotOptions;
}

/** What the sandbox adds to drive the simulated HubSpot; unknown ids throw a `ControlError`. */
export interface HubspotControl {
  createPortal(given?: NewPortal): PortalCredentials;
  listPortals(): readonly PortalSummary[];
  setOptions(portalId: string, options: Readonly<Record<string, unknown>> | Partial<HubspotOptions>): HubspotOptions;
  /** An authorisation code, as an admin who approves the app gives one. */
  authorize(
    portalId: string,
    given: { readonly redirect_uri: string; readonly scopes?: readonly string[] | undefined },
  ): { readonly code: string };
  /** Ends all tokens: the next refresh answers `BAD_REFRESH_TOKEN`. */
  uninstall(portalId: string): { readonly uninstalled: true };
  /** What HubSpot hands to the connection page when an admin connects the channel there. */
  createStagingToken(
    portalId: string,
    given: { readonly channel_id: string; readonly inbox_id?: string | undefined },
  ): { readonly account_token: string; readonly inbox_id: string; readonly url: string };
  /** Tells of what was told last once more, under a new id. */
  repeatEvent(portalId: string): { readonly repeated: boolean };
  deliveries(portalId: string): readonly Delivery[];
  contacts(portalId: string): readonly object[];
  deleteContact(portalId: string, contactId: string): { readonly id: string };
  nameContact(portalId: string, contactId: string, name: string): { readonly id: string };
  threads(portalId: string): readonly ThreadSummary[];
  transcript(portalId: string, threadId: string): Transcript;
  deleteThread(portalId: string, threadId: string): { readonly id: string };
  reply(portalId: string, threadId: string, reply: AgentReply): { readonly message_id: string | null };
}

export interface HubspotSimulator extends Simulator, HubspotControl {}

/** HubSpot's custom channels with what belongs to them, over real HTTP. */
export function createHubspot(context: SimulatorContext): HubspotSimulator {
  const ids = createIds(context.random);
  const webhooks = createWebhooks(context, ids);
  const environment: Environment = { context, ids, webhooks };
  const portals = createPortals(environment);

  const operations = [
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

  const simulator: HubspotSimulator = {
    ...createControl(environment, portals),
    api(app) {
      mountOauth(app, environment, portals);
      mountAuthorize(app, environment, portals);
      mountChannelSetup(app, environment, portals);
      mountFileContents(app, context.faults, portals);
      for (const operation of operations) mountOperation(app, environment, portals, operation);
      app.setNotFoundHandler((_request, reply) => {
        const { status, body } = refusalAnswer(notFound('Resource'), ids.uuid());
        return reply.code(status).send(body);
      });
    },
    control: (app) => mountControl(app, simulator),
    async close() {
      webhooks.close();
    },
  };
  return simulator;
}

const peopleOf = (portal: Portal) => portal.users.map(({ id, name, email }) => ({ id, name, email }));

function createControl(environment: Environment, portals: Portals): HubspotControl {
  const { context, ids, webhooks } = environment;
  const threadsOf = (portalId: string, threadId: string) => {
    const portal = portals.get(portalId);
    return { portal, thread: portals.thread(portal, threadId) };
  };
  return {
    createPortal(given = {}) {
      const { portal, refreshToken } = portals.create(given);
      return {
        portal_id: portal.id,
        name: portal.name,
        app_id: portal.app.id,
        client_id: portal.app.clientId,
        client_secret: portal.app.clientSecret,
        developer_api_key: portal.app.developerApiKey,
        refresh_token: refreshToken,
        inbox_id: portal.inboxes[0]?.id ?? '',
        inboxes: portal.inboxes,
        users: peopleOf(portal),
      };
    },
    listPortals: () =>
      portals.list().map((portal) => ({
        portal_id: portal.id,
        name: portal.name,
        app_id: portal.app.id,
        inbox_id: portal.inboxes[0]?.id ?? '',
        users: peopleOf(portal),
        threads: portal.threads.size,
        options: portal.options,
      })),
    setOptions(id, options) {
      const portal = portals.get(id);
      portal.options = withOptions(portal.options, options);
      return portal.options;
    },
    authorize(id, { redirect_uri: redirectUrl, scopes = [] }) {
      const portal = portals.get(id);
      const code = ids.uuid();
      portal.codes.set(code, { redirectUrl, scopes, expiresAtMs: context.clock.nowMs() + portal.options.codeLifeMs });
      return { code };
    },
    uninstall(id) {
      portals.revoke(portals.get(id));
      context.feed.publish('hubspot', 'app.uninstalled', { portalId: id });
      return { uninstalled: true };
    },
    createStagingToken(id, { channel_id: channelId, inbox_id: inboxId }) {
      const portal = portals.get(id);
      const baseUrl = portal.baseUrl ?? 'http://localhost/hubspot';
      const { staging, url } = beginChannelSetup(environment, portal, {
        channelId,
        baseUrl,
        ...(inboxId === undefined ? {} : { inboxId }),
      });
      return { account_token: staging.token, inbox_id: staging.inboxId, url };
    },
    repeatEvent: (id) => ({ repeated: webhooks.repeatLast(portals.get(id)) }),
    deliveries: (id) => webhooks.deliveries(portals.get(id)),
    contacts: (id) => [...portals.get(id).contacts.values()].map(contactShape),
    nameContact(id, contactId, name) {
      const contact = portals.get(id).contacts.get(contactId);
      if (!contact) throw new ControlError(404, `There is no contact ${contactId} in portal ${id}.`);
      contact.properties = { ...contact.properties, firstname: name };
      return { id: contactId };
    },
    deleteContact(id, contactId) {
      if (!portals.get(id).contacts.delete(contactId)) {
        throw new ControlError(404, `There is no contact ${contactId} in portal ${id}.`);
      }
      context.feed.publish('hubspot', 'contact.deleted', { portalId: id, contactId });
      return { id: contactId };
    },
    threads(id) {
      const portal = portals.get(id);
      return [...portal.threads.values()].map((thread) => summaryOf(portal, thread));
    },
    transcript(id, threadId) {
      const { portal, thread } = threadsOf(id, threadId);
      return transcriptOf(portal, thread);
    },
    deleteThread(id, threadId) {
      const { portal, thread } = threadsOf(id, threadId);
      portal.threads.delete(thread.id);
      context.feed.publish('hubspot', 'thread.deleted', { portalId: id, threadId });
      return { id: thread.id };
    },
    reply(id, threadId, reply) {
      const { portal, thread } = threadsOf(id, threadId);
      return { message_id: replyAsAgent(environment, portal, thread, reply)?.id ?? null };
    },
  };
}
