import { ControlError } from '../control-error.ts';
import { type Environment, seconds } from './environment.ts';
import { defaultOptions, withOptions } from './options.ts';
import type { Admin, App, Conversation, Region, Subscription, Workspace } from './workspace.ts';

/** What a bridge needs. Intercom: these are set in the Developer Hub, there is no public API for it. */
const DEFAULT_TOPICS = [
  'conversation.admin.replied',
  'conversation.operator.replied',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.assigned',
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
  /** A workspace whose app may be installed here too, and is not yet; default: an app of its own, installed. */
  readonly app_of?: string | undefined;
  /** Of an app of its own: where browsers may be sent back to; default: anywhere. */
  readonly redirect_urls?: readonly string[] | undefined;
  /** Laid over the defaults. */
  readonly options?: unknown;
}

export interface Workspaces {
  create(given: NewWorkspace): Workspace;
  list(): readonly Workspace[];
  byToken(accessToken: string): Workspace | undefined;
  /** A new access token; Intercom's never end. */
  grant(workspace: Workspace): string;
  /** Ends all tokens, as removing the app does. */
  revoke(workspace: Workspace): void;
  /** Throws a control error where there is none. */
  get(id: string): Workspace;
  conversation(workspace: Workspace, id: string): Conversation;
  subscribe(workspace: Workspace, given: { readonly url: string; readonly topics?: readonly string[] }): Subscription;
}

const DEFAULT_ADMINS = [
  { name: 'Ana Ruiz', email: 'ana@example.com' },
  { name: 'Ben Okafor', email: 'ben@example.com' },
];

export function createWorkspaces(environment: Environment): Workspaces {
  const { ids, context } = environment;
  const byId = new Map<string, Workspace>();
  const byToken = new Map<string, Workspace>();

  function create(given: NewWorkspace): Workspace {
    const id = Math.floor(context.random() * 36 ** 8)
      .toString(36)
      .padStart(8, 'a');
    const admins = given.admins ?? DEFAULT_ADMINS;
    if (admins.length === 0) throw new ControlError(400, 'Give "admins" with at least one entry, or leave it out.');
    const host = given.app_of === undefined ? undefined : get(given.app_of);
    const people = admins.map(({ name, email }): Admin => ({ id: ids.next('admin'), name, email, operator: false }));
    const operator = { id: ids.next('admin'), name: 'Operator', email: `operator+${id}@intercom.io`, operator: true };
    const workspace: Workspace = {
      id,
      name: given.name ?? 'Sandbox workspace',
      region: given.region ?? 'us',
      app: host?.app ?? newApp(given),
      accessTokens: new Set(),
      codes: new Map(),
      createdAt: seconds(environment),
      admins: [...people, operator],
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
    byId.set(id, workspace);
    if (!host) grant(workspace);
    context.feed.publish('intercom', 'workspace.created', { workspaceId: id, name: workspace.name });
    return workspace;
  }

  const newApp = (given: NewWorkspace): App => ({
    clientId: ids.uuid(),
    clientSecret: ids.uuid(),
    redirectUrls: given.redirect_urls ?? null,
    subscriptions: [],
  });

  function get(id: string): Workspace {
    const workspace = byId.get(id);
    if (!workspace) throw new ControlError(404, `There is no workspace ${id}: create one with POST /workspaces.`);
    return workspace;
  }

  function grant(workspace: Workspace): string {
    const token = ids.hex(60);
    workspace.accessTokens.add(token);
    byToken.set(token, workspace);
    return token;
  }

  return {
    create,
    list: () => [...byId.values()],
    byToken: (accessToken) => byToken.get(accessToken),
    get,
    grant,
    revoke(workspace) {
      for (const token of workspace.accessTokens) byToken.delete(token);
      workspace.accessTokens.clear();
    },
    conversation(workspace, id) {
      const conversation = workspace.conversations.get(id);
      if (!conversation) throw new ControlError(404, `There is no conversation ${id} in workspace ${workspace.id}.`);
      return conversation;
    },
    subscribe(workspace, { url, topics }) {
      if (typeof url !== 'string' || !URL.canParse(url))
        throw new ControlError(400, 'Give "url" as an absolute address.');
      const subscription: Subscription = {
        id: ids.next('subscription'),
        url,
        topics: new Set(topics ?? DEFAULT_TOPICS),
        active: true,
        tail: Promise.resolve(),
        throttledUntilMs: 0,
      };
      workspace.app.subscriptions.push(subscription);
      return subscription;
    },
  };
}
