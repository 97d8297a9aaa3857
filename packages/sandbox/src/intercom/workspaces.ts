import { ControlError } from '../control-error.ts';
import { type Environment, seconds } from './environment.ts';
import { defaultOptions, withOptions } from './options.ts';
import type { Admin, Conversation, Subscription, Workspace } from './workspace.ts';

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
  /** Laid over the defaults. */
  readonly options?: unknown;
}

export interface Workspaces {
  create(given: NewWorkspace): Workspace;
  list(): readonly Workspace[];
  byToken(accessToken: string): Workspace | undefined;
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
    const people = admins.map(({ name, email }): Admin => ({ id: ids.next('admin'), name, email, operator: false }));
    const operator = { id: ids.next('admin'), name: 'Operator', email: `operator+${id}@intercom.io`, operator: true };
    const workspace: Workspace = {
      id,
      name: given.name ?? 'Sandbox workspace',
      accessToken: ids.hex(60),
      clientSecret: ids.uuid(),
      createdAt: seconds(environment),
      admins: [...people, operator],
      teams: [{ id: ids.next('team'), name: 'Support' }],
      contacts: new Map(),
      contactIdByExternalId: new Map(),
      conversations: new Map(),
      deletedConversations: [],
      attributes: [],
      tags: [],
      subscriptions: [],
      files: new Map(),
      baseUrl: null,
      window: { startedAtMs: 0, used: 0 },
      options: withOptions(defaultOptions, given.options),
    };
    byId.set(id, workspace);
    byToken.set(workspace.accessToken, workspace);
    context.feed.publish('intercom', 'workspace.created', { workspaceId: id, name: workspace.name });
    return workspace;
  }

  return {
    create,
    list: () => [...byId.values()],
    byToken: (accessToken) => byToken.get(accessToken),
    get(id) {
      const workspace = byId.get(id);
      if (!workspace) throw new ControlError(404, `There is no workspace ${id}: create one with POST /workspaces.`);
      return workspace;
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
      workspace.subscriptions.push(subscription);
      return subscription;
    },
  };
}
