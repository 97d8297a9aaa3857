import { ControlError } from '../control-error.ts';
import type { Environment, Ids } from './environment.ts';
import { defaultOptions, withOptions } from './options.ts';
import type { App, Portal, PortalInbox, Thread, User } from './portal.ts';
import { expired, noCredentials } from './refusal.ts';

export interface NewPortal {
  readonly name?: string | undefined;
  readonly users?: readonly { readonly name: string; readonly email: string }[] | undefined;
  /** Contact properties beside HubSpot's own; default: `telegram_user_id` with unique values. */
  readonly contact_properties?: readonly { readonly name: string; readonly unique: boolean }[] | undefined;
  /** Default: one, called "Inbox". */
  readonly inboxes?: readonly { readonly name: string; readonly type?: string | undefined }[] | undefined;
  /** A portal whose app is installed here too; default: an app of its own. */
  readonly app_of?: string | undefined;
  /** Of an app of its own: where browsers may be sent back to; default: anywhere. */
  readonly redirect_urls?: readonly string[] | undefined;
  /** Of an app of its own: what every install must ask for; default: anything. */
  readonly scopes?: readonly string[] | undefined;
  /** Laid over the defaults. */
  readonly options?: unknown;
}

export interface AccessGrant {
  readonly accessToken: string;
  readonly lifeMs: number;
}

export interface Portals {
  create(given: NewPortal): { readonly portal: Portal; readonly refreshToken: string };
  list(): readonly Portal[];
  /** Throws a control error where there is none. */
  get(id: string): Portal;
  thread(portal: Portal, id: string): Thread;
  /** The portals in which this app is installed. */
  byClientId(clientId: string): readonly Portal[];
  byDeveloper(hapikey: string, appId: string): Portal | undefined;
  /** Throws HubSpot's refusal where the token is unknown or has expired. */
  byAccessToken(token: string): Portal;
  grantAccess(portal: Portal, scopes: readonly string[]): AccessGrant;
  /** What a living access token opens; null for any other text. */
  lookUpAccess(token: string): { readonly portal: Portal; readonly scopes: readonly string[] } | null;
  grantRefresh(portal: Portal, scopes: readonly string[]): string;
  /** Ends every token, as uninstalling the app does. */
  revoke(portal: Portal): void;
}

const DEFAULT_USERS = [
  { name: 'Ana Ruiz', email: 'ana@example.com' },
  { name: 'Ben Okafor', email: 'ben@example.com' },
];

/** HubSpot's own contact properties, as far as they are used here. */
const OWN_PROPERTIES = [
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

const newApp = (ids: Ids, given: NewPortal): App => ({
  id: ids.next('app'),
  clientId: ids.uuid(),
  clientSecret: ids.uuid(),
  developerApiKey: ids.uuid(),
  redirectUrls: given.redirect_urls ?? null,
  scopes: given.scopes ?? null,
});

function usersOf(ids: Ids, { users = DEFAULT_USERS }: NewPortal): readonly User[] {
  if (users.length === 0) throw new ControlError(400, 'Give "users" with at least one entry, or leave it out.');
  return users.map(({ name, email }) => ({ id: ids.next('user'), ownerId: ids.next('owner'), name, email }));
}

const inboxesOf = (ids: Ids, { inboxes = [{ name: 'Inbox' }] }: NewPortal): readonly PortalInbox[] =>
  inboxes.map(({ name, type }) => ({
    id: ids.next('inbox'),
    name,
    type: type === 'HELP_DESK' ? 'HELP_DESK' : 'INBOX',
  }));

export function createPortals(environment: Environment): Portals {
  const { ids, context } = environment;
  const byId = new Map<string, Portal>();
  const grants = new Map<
    string,
    { readonly portal: Portal; readonly scopes: readonly string[]; readonly expiresAtMs: number }
  >();

  function get(id: string): Portal {
    const portal = byId.get(id);
    if (!portal) throw new ControlError(404, `There is no portal ${id}: create one with POST /portals.`);
    return portal;
  }

  function create(given: NewPortal): { readonly portal: Portal; readonly refreshToken: string } {
    const users = usersOf(ids, given);
    const custom = given.contact_properties ?? [{ name: 'telegram_user_id', unique: true }];
    const properties = [...OWN_PROPERTIES.map((name) => ({ name, unique: name === 'email' })), ...custom];
    const host = given.app_of === undefined ? undefined : get(given.app_of);
    const portal: Portal = {
      id: ids.next('portal'),
      name: given.name ?? 'Sandbox portal',
      app: host?.app ?? newApp(ids, given),
      users,
      inboxes: inboxesOf(ids, given),
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
    byId.set(portal.id, portal);
    context.feed.publish('hubspot', 'portal.created', { portalId: portal.id, name: portal.name });
    return { portal, refreshToken: grantRefresh(portal, []) };
  }

  /** HubSpot: tokens can be longer than 300 characters. */
  function grantRefresh(portal: Portal, scopes: readonly string[]): string {
    const token = `na1-${ids.hex(48)}`;
    portal.refreshTokens.set(token, scopes);
    return token;
  }

  const find = (wanted: (portal: Portal) => boolean) => [...byId.values()].find(wanted);

  return {
    create,
    grantRefresh,
    list: () => [...byId.values()],
    get,
    thread(portal, id) {
      const thread = portal.threads.get(id);
      if (!thread) throw new ControlError(404, `There is no thread ${id} in portal ${portal.id}.`);
      return thread;
    },
    byClientId: (clientId) => [...byId.values()].filter((portal) => portal.app.clientId === clientId),
    byDeveloper: (hapikey, appId) =>
      find((portal) => portal.app.developerApiKey === hapikey && portal.app.id === appId),
    byAccessToken(token) {
      const grant = grants.get(token);
      if (!grant) throw noCredentials();
      const pastMs = context.clock.nowMs() - grant.expiresAtMs;
      if (pastMs >= 0) throw expired(pastMs);
      return grant.portal;
    },
    lookUpAccess(token) {
      const grant = grants.get(token);
      return grant && context.clock.nowMs() < grant.expiresAtMs ? grant : null;
    },
    grantAccess(portal, scopes) {
      const accessToken = `CN${ids.hex(300)}`;
      const lifeMs = portal.options.accessTokenLifeMs;
      grants.set(accessToken, { portal, scopes, expiresAtMs: context.clock.nowMs() + lifeMs });
      return { accessToken, lifeMs };
    },
    revoke(portal) {
      portal.refreshTokens.clear();
      portal.codes.clear();
      for (const [token, grant] of grants) if (grant.portal === portal) grants.delete(token);
    },
  };
}
