import { ControlError } from '../control-error.ts';
import type { Environment, HubspotIds } from './environment.ts';
import { defaultOptions, withOptions } from './options.ts';
import type { App, Portal, PortalInbox, Thread, User } from './portal.ts';
import { expired, noCredentials } from './refusal.ts';

export interface NewPortal {
  readonly name?: string | undefined;
  readonly users?: readonly { readonly name: string; readonly email: string }[] | undefined;
  /** Contact properties in addition to HubSpot's own. Default: `telegram_user_id` with unique values. */
  readonly contact_properties?: readonly { readonly name: string; readonly unique: boolean }[] | undefined;
  /** Default: one with the name "Inbox". */
  readonly inboxes?: readonly { readonly name: string; readonly type?: string | undefined }[] | undefined;
  /** The id of a portal whose app is installed here too. Default: an app of its own. */
  readonly app_of?: string | undefined;
  /** For an app of its own: the addresses that browsers may be sent back to. Default: any. */
  readonly redirect_urls?: readonly string[] | undefined;
  /** For an app of its own: the scopes that every install must request. Default: any. */
  readonly scopes?: readonly string[] | undefined;
  /** Replace the defaults. */
  readonly options?: unknown;
}

interface AccessGrant {
  readonly accessToken: string;
  readonly lifeMs: number;
}

/** The portal and the scopes that an access token is valid for. */
export interface Access {
  readonly portal: Portal;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

interface CreatedPortal {
  readonly portal: Portal;
  readonly refreshToken: string;
}

export interface Portals {
  create(given: NewPortal): CreatedPortal;
  list(): readonly Portal[];
  /** Throws a `ControlError` where there is none. */
  get(id: string): Portal;
  thread(portal: Portal, id: string): Thread;
  /** The portals in which this app is installed. */
  byClientId(clientId: string): readonly Portal[];
  byDeveloper(hapikey: string, appId: string): Portal | undefined;
  /** Throws HubSpot's refusal for a token that is unknown or has expired. */
  byAccessToken(token: string): Portal;
  grantAccess(portal: Portal, scopes: readonly string[]): AccessGrant;
  /** Null for a token that is unknown or has expired. */
  findAccess(token: string): Access | null;
  grantRefresh(portal: Portal, scopes: readonly string[]): string;
  /** Ends all tokens, as if the app was uninstalled. */
  revoke(portal: Portal): void;
}

const defaultUsers = [
  { name: 'Ana Ruiz', email: 'ana@example.com' },
  { name: 'Ben Okafor', email: 'ben@example.com' },
];

/** HubSpot's own contact properties, those that are used here. */
const standardProperties = [
  'firstname',
  'lastname',
  'email',
  'phone',
  'mobilephone',
  'company',
  'website',
  'address',
  'city',
  'country',
  'zip',
  'lifecyclestage',
  'hs_lead_status',
  'hubspot_owner_id',
  'createdate',
  'lastmodifieddate',
  'hs_object_id',
];

const newApp = (ids: HubspotIds, given: NewPortal): App => ({
  id: ids.next('app'),
  clientId: ids.uuid(),
  clientSecret: ids.uuid(),
  developerApiKey: ids.uuid(),
  redirectUrls: given.redirect_urls ?? null,
  scopes: given.scopes ?? null,
});

function usersOf(ids: HubspotIds, { users = defaultUsers }: NewPortal): readonly User[] {
  if (users.length === 0) throw new ControlError(400, 'Give "users" with at least one entry, or leave it out.');
  return users.map(({ name, email }) => ({ id: ids.next('user'), ownerId: ids.next('owner'), name, email }));
}

const inboxesOf = (
  ids: HubspotIds,
  { inboxes = [{ name: 'Inbox' }] }: NewPortal,
  createdAtMs: number,
): readonly PortalInbox[] =>
  inboxes.map(({ name, type }) => ({
    id: ids.next('inbox'),
    name,
    type: type === 'HELP_DESK' ? 'HELP_DESK' : 'INBOX',
    createdAtMs,
  }));

interface Registry {
  readonly environment: Environment;
  readonly byId: Map<string, Portal>;
  /** By access token. */
  readonly grants: Map<string, Access>;
}

export function createPortals(environment: Environment): Portals {
  const registry: Registry = { environment, byId: new Map(), grants: new Map() };
  const list = () => [...registry.byId.values()];
  return {
    create: (given) => createPortal(registry, given),
    list,
    get: (id) => portalById(registry, id),
    thread: threadById,
    byClientId: (clientId) => list().filter((portal) => portal.app.clientId === clientId),
    byDeveloper: (hapikey, appId) =>
      list().find((portal) => portal.app.developerApiKey === hapikey && portal.app.id === appId),
    byAccessToken: (token) => portalByAccessToken(registry, token),
    findAccess: (token) => findAccess(registry, token),
    grantAccess: (portal, scopes) => grantAccess(registry, portal, scopes),
    grantRefresh: (portal, scopes) => grantRefresh(environment, portal, scopes),
    revoke: (portal) => revokeTokens(registry, portal),
  };
}

function createPortal(registry: Registry, given: NewPortal): CreatedPortal {
  const { context, ids } = registry.environment;
  const nowMs = context.clock.nowMs();
  const users = usersOf(ids, given);
  const custom = given.contact_properties ?? [{ name: 'telegram_user_id', unique: true }];
  const properties = [...standardProperties.map((name) => ({ name, unique: name === 'email' })), ...custom];
  const host = given.app_of === undefined ? undefined : portalById(registry, given.app_of);
  const portal: Portal = {
    id: ids.next('portal'),
    name: given.name ?? 'Sandbox portal',
    createdAtMs: nowMs,
    app: host?.app ?? newApp(ids, given),
    users,
    inboxes: inboxesOf(ids, given, nowMs),
    refreshTokens: new Map(),
    codes: new Map(),
    // HubSpot: channels belong to the app, their accounts to the portals.
    channels: host?.channels ?? new Map(),
    accounts: new Map(),
    stagingTokens: new Map(),
    threads: new Map(),
    threadIdByKey: new Map(),
    messages: new Map(),
    messageIdByIdempotencyId: new Map(),
    contacts: new Map(),
    properties: new Map(properties.map((property) => [property.name, { ...property, type: 'string' }])),
    files: new Map(),
    baseUrl: null,
    window: { startedAtMs: 0, used: 0 },
    webhooks: { tail: Promise.resolve() },
    options: withOptions(defaultOptions, given.options),
  };
  registry.byId.set(portal.id, portal);
  context.feed.publish('hubspot', 'portal.created', { portalId: portal.id, name: portal.name });
  return { portal, refreshToken: grantRefresh(registry.environment, portal, []) };
}

function portalById({ byId }: Registry, id: string): Portal {
  const portal = byId.get(id);
  if (!portal) throw new ControlError(404, `There is no portal ${id}: create one with POST /portals.`);
  return portal;
}

function threadById(portal: Portal, id: string): Thread {
  const thread = portal.threads.get(id);
  if (!thread) throw new ControlError(404, `There is no thread ${id} in portal ${portal.id}.`);
  return thread;
}

function portalByAccessToken({ environment, grants }: Registry, token: string): Portal {
  const grant = grants.get(token);
  if (!grant) throw noCredentials();
  const pastMs = environment.context.clock.nowMs() - grant.expiresAtMs;
  if (pastMs >= 0) throw expired(pastMs);
  return grant.portal;
}

function findAccess({ environment, grants }: Registry, token: string): Access | null {
  const grant = grants.get(token);
  return grant && environment.context.clock.nowMs() < grant.expiresAtMs ? grant : null;
}

/** HubSpot: access tokens can be longer than 300 characters. */
function grantAccess({ environment, grants }: Registry, portal: Portal, scopes: readonly string[]): AccessGrant {
  const accessToken = `CN${environment.ids.hex(300)}`;
  const lifeMs = portal.options.accessTokenLifeMs;
  grants.set(accessToken, { portal, scopes, expiresAtMs: environment.context.clock.nowMs() + lifeMs });
  return { accessToken, lifeMs };
}

function grantRefresh({ ids }: Environment, portal: Portal, scopes: readonly string[]): string {
  const token = `na1-${ids.hex(48)}`;
  portal.refreshTokens.set(token, scopes);
  return token;
}

function revokeTokens({ grants }: Registry, portal: Portal): void {
  portal.refreshTokens.clear();
  portal.codes.clear();
  for (const [token, grant] of grants) if (grant.portal === portal) grants.delete(token);
}
