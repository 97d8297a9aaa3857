import { ControlError } from '../control-error.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { defaultOptions, withOptions } from './options.ts';
import type { Admin, App, Conversation, Region, Subscription, Workspace } from './workspace.ts';

/** The topics that a bridge needs. Intercom: they are set in the Developer Hub; there is no public API for it. */
const defaultTopics = [
  'conversation.admin.replied',
  'conversation.admin.replied.translated',
  'conversation.operator.replied',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.assigned',
  'conversation.admin.single.created',
  'conversation.deleted',
  'conversation_part.redacted',
  'contact.merged',
  'contact.deleted',
  'ping',
];

export interface NewWorkspace {
  readonly name?: string | undefined;
  readonly admins?: readonly { readonly name: string; readonly email: string }[] | undefined;
  /** Default `us`. */
  readonly region?: Region | undefined;
  /**
   * The id of a workspace whose app can be installed here too, and is not yet. Default: an app of its own, installed.
   */
  readonly app_of?: string | undefined;
  /** For an app of its own: the addresses that browsers may be sent back to. Default: any. */
  readonly redirect_urls?: readonly string[] | undefined;
  /** Replace the defaults. */
  readonly options?: unknown;
}

export interface NewSubscription {
  readonly url: string;
  readonly topics?: readonly string[];
}

export interface Workspaces {
  create(given: NewWorkspace): Workspace;
  list(): readonly Workspace[];
  byToken(accessToken: string): Workspace | undefined;
  /** A new access token. Intercom: access tokens never expire. */
  grant(workspace: Workspace): string;
  /** Ends all tokens, as if the app was removed. */
  revoke(workspace: Workspace): void;
  /** Throws a `ControlError` where there is none. */
  get(id: string): Workspace;
  conversation(workspace: Workspace, id: string): Conversation;
  subscribe(workspace: Workspace, given: NewSubscription): Subscription;
}

const defaultAdmins = [
  { name: 'Ana Ruiz', email: 'ana@example.com' },
  { name: 'Ben Okafor', email: 'ben@example.com' },
];

interface Registry {
  readonly environment: Environment;
  readonly byId: Map<string, Workspace>;
  readonly byToken: Map<string, Workspace>;
}

export function createWorkspaces(environment: Environment): Workspaces {
  const registry: Registry = { environment, byId: new Map(), byToken: new Map() };
  const { byId, byToken } = registry;
  return {
    create: (given) => createWorkspace(registry, given),
    list: () => [...byId.values()],
    byToken: (accessToken) => byToken.get(accessToken),
    get: (id) => workspaceById(registry, id),
    grant: (workspace) => grantToken(registry, workspace),
    revoke(workspace) {
      for (const token of workspace.accessTokens) byToken.delete(token);
      workspace.accessTokens.clear();
    },
    conversation: conversationById,
    subscribe: (workspace, given) => addSubscription(environment, workspace, given),
  };
}

function createWorkspace(registry: Registry, given: NewWorkspace): Workspace {
  const { context, ids } = registry.environment;
  const id = Math.floor(context.random() * 36 ** 8)
    .toString(36)
    .padStart(8, 'a');
  const admins = adminsOf(registry.environment, id, given);
  const host = given.app_of === undefined ? undefined : workspaceById(registry, given.app_of);
  const workspace: Workspace = {
    id,
    name: given.name ?? 'Sandbox workspace',
    region: given.region ?? 'us',
    app: host?.app ?? newApp(registry.environment, given),
    accessTokens: new Set(),
    codes: new Map(),
    createdAt: nowSeconds(registry.environment),
    admins,
    teams: [{ id: ids.next('team'), name: 'Support' }],
    contacts: new Map(),
    contactIdByExternalId: new Map(),
    conversations: new Map(),
    deletedConversations: [],
    attributes: [],
    tags: [],
    files: new Map(),
    baseUrl: null,
    window: { startedAtMs: 0, used: 0 },
    options: withOptions(defaultOptions, given.options),
  };
  registry.byId.set(id, workspace);
  if (!host) grantToken(registry, workspace);
  context.feed.publish('intercom', 'workspace.created', { workspaceId: id, name: workspace.name });
  return workspace;
}

/** The given admins and the Operator bot. */
function adminsOf(
  { ids }: Environment,
  workspaceId: string,
  { admins = defaultAdmins }: NewWorkspace,
): readonly Admin[] {
  if (admins.length === 0) throw new ControlError(400, 'Give "admins" with at least one entry, or leave it out.');
  const people = admins.map(({ name, email }) => ({ id: ids.next('admin'), name, email, operator: false }));
  const email = `operator+${workspaceId}@intercom.io`;
  return [...people, { id: ids.next('admin'), name: 'Operator', email, operator: true }];
}

const newApp = ({ ids }: Environment, given: NewWorkspace): App => ({
  clientId: ids.uuid(),
  clientSecret: ids.uuid(),
  redirectUrls: given.redirect_urls ?? null,
  subscriptions: [],
});

function workspaceById({ byId }: Registry, id: string): Workspace {
  const workspace = byId.get(id);
  if (!workspace) throw new ControlError(404, `There is no workspace ${id}: create one with POST /workspaces.`);
  return workspace;
}

function grantToken({ environment, byToken }: Registry, workspace: Workspace): string {
  const token = environment.ids.hex(60);
  workspace.accessTokens.add(token);
  byToken.set(token, workspace);
  return token;
}

function conversationById(workspace: Workspace, id: string): Conversation {
  const conversation = workspace.conversations.get(id);
  if (!conversation) throw new ControlError(404, `There is no conversation ${id} in workspace ${workspace.id}.`);
  return conversation;
}

function addSubscription({ ids }: Environment, workspace: Workspace, { url, topics }: NewSubscription): Subscription {
  if (typeof url !== 'string' || !URL.canParse(url)) throw new ControlError(400, 'Give "url" as an absolute address.');
  const subscription: Subscription = {
    id: ids.next('subscription'),
    url,
    topics: new Set(topics ?? defaultTopics),
    active: true,
    tail: Promise.resolve(),
    throttledUntilMs: 0,
  };
  workspace.app.subscriptions.push(subscription);
  return subscription;
}
