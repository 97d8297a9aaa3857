import { ControlError } from '../control-error.ts';
import { type AgentReply, replyAsAgent } from './agent.ts';
import { beginChannelSetup } from './channel-setup.ts';
import { contactShape } from './contacts.ts';
import type { Environment } from './environment.ts';
import { type HubspotOptions, withOptions } from './options.ts';
import type { Portal, PortalInbox, Thread } from './portal.ts';
import type { NewPortal, Portals } from './portals.ts';
import { type ThreadSummary, type Transcript, threadSummary, threadTranscript } from './transcript.ts';
import type { Delivery } from './webhooks.ts';

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** What an app needs to connect to a new portal, in which it is installed. */
export interface PortalCredentials {
  readonly portal_id: string;
  readonly name: string;
  readonly app_id: string;
  readonly client_id: string;
  /** Also signs the webhooks. */
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

/** Drives the simulated HubSpot. Unknown ids throw a `ControlError`. */
export interface HubspotControl {
  createPortal(given?: NewPortal): PortalCredentials;
  listPortals(): readonly PortalSummary[];
  setOptions(portalId: string, options: Readonly<Record<string, unknown>> | Partial<HubspotOptions>): HubspotOptions;
  /** An authorization code, as if an admin had approved the app. */
  authorize(
    portalId: string,
    given: { readonly redirect_uri: string; readonly scopes?: readonly string[] | undefined },
  ): { readonly code: string };
  /** Ends all tokens: the next refresh answers `BAD_REFRESH_TOKEN`. */
  uninstall(portalId: string): { readonly uninstalled: true };
  /** What HubSpot passes to the connection page when an admin connects the channel in HubSpot. */
  createStagingToken(
    portalId: string,
    given: { readonly channel_id: string; readonly inbox_id?: string | undefined },
  ): { readonly account_token: string; readonly inbox_id: string; readonly url: string };
  /** Sends the newest event again under a new id. */
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

interface Deps {
  readonly environment: Environment;
  readonly portals: Portals;
}

export function createControl(environment: Environment, portals: Portals): HubspotControl {
  const { webhooks } = environment;
  const deps = { environment, portals };
  return {
    createPortal: (given = {}) => createPortal(portals, given),
    listPortals: () => portals.list().map(portalSummary),
    setOptions(id, options) {
      const portal = portals.get(id);
      portal.options = withOptions(portal.options, options);
      return portal.options;
    },
    authorize: (id, given) => authorize(environment, portals.get(id), given),
    uninstall: (id) => uninstall(deps, portals.get(id)),
    createStagingToken: (id, given) => createStagingToken(environment, portals.get(id), given),
    repeatEvent: (id) => ({ repeated: webhooks.repeatLast(portals.get(id)) }),
    deliveries: (id) => webhooks.deliveries(portals.get(id)),
    contacts: (id) => [...portals.get(id).contacts.values()].map(contactShape),
    nameContact: (id, contactId, name) => nameContact(portals.get(id), contactId, name),
    deleteContact: (id, contactId) => deleteContact(environment, portals.get(id), contactId),
    threads(id) {
      const portal = portals.get(id);
      return [...portal.threads.values()].map((thread) => threadSummary(portal, thread));
    },
    transcript: (id, threadId) => threadTranscript(...findThread(portals, id, threadId)),
    deleteThread(id, threadId) {
      const [portal, thread] = findThread(portals, id, threadId);
      portal.threads.delete(thread.id);
      environment.context.feed.publish('hubspot', 'thread.deleted', { portalId: id, threadId });
      return { id: thread.id };
    },
    reply(id, threadId, reply) {
      const [portal, thread] = findThread(portals, id, threadId);
      return { message_id: replyAsAgent(environment, portal, thread, reply)?.id ?? null };
    },
  };
}

function findThread(portals: Portals, portalId: string, threadId: string): readonly [Portal, Thread] {
  const portal = portals.get(portalId);
  return [portal, portals.thread(portal, threadId)];
}

function createPortal(portals: Portals, given: NewPortal): PortalCredentials {
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
    users: people(portal),
  };
}

const portalSummary = (portal: Portal): PortalSummary => ({
  portal_id: portal.id,
  name: portal.name,
  app_id: portal.app.id,
  inbox_id: portal.inboxes[0]?.id ?? '',
  users: people(portal),
  threads: portal.threads.size,
  options: portal.options,
});

const people = (portal: Portal): readonly Person[] => portal.users.map(({ id, name, email }) => ({ id, name, email }));

function authorize(
  { context, ids }: Environment,
  portal: Portal,
  { redirect_uri: redirectUrl, scopes = [] }: Parameters<HubspotControl['authorize']>[1],
): { readonly code: string } {
  const code = ids.uuid();
  portal.codes.set(code, { redirectUrl, scopes, expiresAtMs: context.clock.nowMs() + portal.options.codeLifeMs });
  return { code };
}

function uninstall({ environment, portals }: Deps, portal: Portal): { readonly uninstalled: true } {
  portals.revoke(portal);
  environment.context.feed.publish('hubspot', 'app.uninstalled', { portalId: portal.id });
  return { uninstalled: true };
}

function createStagingToken(
  environment: Environment,
  portal: Portal,
  { channel_id: channelId, inbox_id: inboxId }: Parameters<HubspotControl['createStagingToken']>[1],
): ReturnType<HubspotControl['createStagingToken']> {
  const baseUrl = portal.baseUrl ?? 'http://localhost/hubspot';
  const setup = { channelId, baseUrl, ...(inboxId === undefined ? {} : { inboxId }) };
  const { staging, url } = beginChannelSetup(environment, portal, setup);
  return { account_token: staging.token, inbox_id: staging.inboxId, url };
}

const noContact = (portal: Portal, contactId: string) =>
  new ControlError(404, `There is no contact ${contactId} in portal ${portal.id}.`);

function nameContact(portal: Portal, contactId: string, name: string): { readonly id: string } {
  const contact = portal.contacts.get(contactId);
  if (!contact) throw noContact(portal, contactId);
  contact.properties = { ...contact.properties, firstname: name };
  return { id: contactId };
}

function deleteContact({ context }: Environment, portal: Portal, contactId: string): { readonly id: string } {
  if (!portal.contacts.delete(contactId)) throw noContact(portal, contactId);
  context.feed.publish('hubspot', 'contact.deleted', { portalId: portal.id, contactId });
  return { id: contactId };
}
