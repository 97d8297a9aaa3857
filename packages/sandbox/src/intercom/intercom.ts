import type { FastifyInstance } from 'fastify';
import { ControlError } from '../control-error.ts';
import type { Simulator, SimulatorContext } from '../simulator.ts';
import { adminOperations } from './admins.ts';
import { type AgentReply, replyAsAgent } from './agent.ts';
import { announceFromInbox } from './announce.ts';
import { mountAttachments } from './attachments.ts';
import { contactMergeOperations, mergeContacts } from './contact-merge.ts';
import { contactSearchOperations } from './contact-search.ts';
import { contactShape } from './contact-shape.ts';
import { changeState, contactOperations } from './contacts.ts';
import { mountControl } from './control-routes.ts';
import { conversationOperations } from './conversations.ts';
import { dataAttributeOperations } from './data-attributes.ts';
import { createIds, type Environment, seconds } from './environment.ts';
import { messageOperations } from './messages.ts';
import { mountOauth } from './oauth.ts';
import { mountOperation } from './operation.ts';
import { type IntercomOptions, withOptions } from './options.ts';
import { partOperations } from './parts.ts';
import { refusalAnswer, resourceNotFound } from './refusal.ts';
import { replyOperations } from './replies.ts';
import { tagOperations } from './tags.ts';
import { type ConversationSummary, summaryOf, type Transcript, transcriptOf } from './transcript.ts';
import { createWebhooks, type Delivery } from './webhooks.ts';
import type { Region, Workspace } from './workspace.ts';
import { createWorkspaces, type NewWorkspace } from './workspaces.ts';

/** What a new workspace hands to whoever connects to it. */
export interface WorkspaceCredentials {
  readonly workspace_id: string;
  readonly name: string;
  /** Empty where the app is not installed yet. */
  readonly access_token: string;
  readonly client_id: string;
  /** Signs the webhooks. */
  readonly client_secret: string;
  readonly admins: readonly { readonly id: string; readonly name: string; readonly email: string }[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
}

export interface WorkspaceSummary {
  readonly workspace_id: string;
  readonly name: string;
  readonly admins: WorkspaceCredentials['admins'];
  readonly conversations: number;
  readonly options: IntercomOptions;
}

/** What the sandbox adds to drive the simulated Intercom; unknown ids throw a `ControlError`. */
export interface IntercomControl {
  createWorkspace(given?: NewWorkspace): WorkspaceCredentials;
  listWorkspaces(): readonly WorkspaceSummary[];
  listTeams(workspaceId: string): WorkspaceCredentials['teams'];
  setOptions(
    workspaceId: string,
    options: Readonly<Record<string, unknown>> | Partial<IntercomOptions>,
  ): IntercomOptions;
  subscribe(
    workspaceId: string,
    given: { readonly url: string; readonly topics?: readonly string[] },
  ): { readonly subscription_id: string; readonly topics: readonly string[] };
  /** Removes the app: its tokens end, and it hears nothing any more. */
  uninstall(workspaceId: string): { readonly uninstalled: true };
  /** The test notification that Intercom sends when a subscription is saved. */
  ping(workspaceId: string): { readonly sent: true };
  /** Tells of what was told last once more, under a new id. */
  repeatNotification(workspaceId: string): { readonly repeated: boolean };
  deliveries(workspaceId: string): readonly Delivery[];
  contacts(workspaceId: string): readonly Readonly<Record<string, unknown>>[];
  mergeContacts(workspaceId: string, given: { readonly from: string; readonly into: string }): { readonly id: string };
  /** An agent puts a contact away, or removes it for good. */
  archiveContact(workspaceId: string, contactId: string): { readonly id: string };
  deleteContact(workspaceId: string, contactId: string): { readonly id: string };
  nameContact(workspaceId: string, contactId: string, name: string): { readonly id: string };
  conversations(workspaceId: string): readonly ConversationSummary[];
  transcript(workspaceId: string, conversationId: string): Transcript;
  deleteConversation(workspaceId: string, conversationId: string): { readonly id: string };
  reply(workspaceId: string, conversationId: string, reply: AgentReply): { readonly part_id: string };
}

export interface IntercomSimulator extends Simulator, IntercomControl {}

/** Intercom's REST API 2.16, as far as a bridge between messengers and the inbox uses it, over real HTTP. */
export function createIntercom(context: SimulatorContext): IntercomSimulator {
  const ids = createIds(context.random);
  const webhooks = createWebhooks(context, ids);
  const environment: Environment = { context, ids, webhooks };
  const workspaces = createWorkspaces(environment);

  const operations = [
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

  /** Intercom: a region's hosts know its own workspaces only. Null stands for all of them at once. */
  const mount = (app: FastifyInstance, region: Region | null) => {
    const byToken = (token: string) => {
      const workspace = workspaces.byToken(token);
      return region === null || workspace?.region === region ? workspace : undefined;
    };
    for (const operation of operations) mountOperation(app, environment, operation, byToken);
    mountOauth(app, environment, workspaces, region);
    mountAttachments(app, context.faults, workspaces.list);
    app.setNotFoundHandler((_request, reply) => {
      const { status, body } = refusalAnswer(resourceNotFound(), ids.uuid());
      return reply.code(status).send(body);
    });
  };

  const simulator: IntercomSimulator = {
    ...createControl(environment, workspaces),
    api(app) {
      mount(app, null);
      for (const region of regions) {
        void app.register(
          (scope, _options, done) => {
            mount(scope, region);
            done();
          },
          { prefix: `/${region}` },
        );
      }
    },
    control: (app) => mountControl(app, simulator),
    async close() {
      webhooks.close();
    },
  };
  return simulator;
}

const regions: readonly Region[] = ['us', 'eu', 'au'];

function peopleOf(workspace: Workspace) {
  return workspace.admins.filter((admin) => !admin.operator).map(({ id, name, email }) => ({ id, name, email }));
}

function createControl(environment: Environment, workspaces: ReturnType<typeof createWorkspaces>): IntercomControl {
  const { webhooks } = environment;
  const putAway = (id: string, contactId: string, next: 'archived' | 'deleted') => {
    const workspace = workspaces.get(id);
    const state = workspace.contacts.get(contactId)?.state.kind;
    if (state !== 'live' && state !== 'archived')
      throw new ControlError(404, `There is no contact ${contactId} in workspace ${id}.`);
    changeState(environment, workspace, contactId, next);
    return { id: contactId };
  };
  return {
    createWorkspace(given = {}) {
      const workspace = workspaces.create(given);
      return {
        workspace_id: workspace.id,
        name: workspace.name,
        access_token: [...workspace.accessTokens][0] ?? '',
        client_id: workspace.app.clientId,
        client_secret: workspace.app.clientSecret,
        admins: peopleOf(workspace),
        teams: workspace.teams,
      };
    },
    listWorkspaces: () =>
      workspaces.list().map((workspace) => ({
        workspace_id: workspace.id,
        name: workspace.name,
        admins: peopleOf(workspace),
        conversations: workspace.conversations.size,
        options: workspace.options,
      })),
    listTeams: (id) => workspaces.get(id).teams,
    setOptions(id, options) {
      const workspace = workspaces.get(id);
      workspace.options = withOptions(workspace.options, options);
      return workspace.options;
    },
    subscribe(id, given) {
      const subscription = workspaces.subscribe(workspaces.get(id), given);
      return { subscription_id: subscription.id, topics: [...subscription.topics] };
    },
    uninstall(id) {
      workspaces.revoke(workspaces.get(id));
      environment.context.feed.publish('intercom', 'app.uninstalled', { workspaceId: id });
      return { uninstalled: true };
    },
    ping(id) {
      const workspace = workspaces.get(id);
      void webhooks.deliver(workspace, 'ping', { type: 'ping', message: 'ping' });
      return { sent: true };
    },
    repeatNotification: (id) => ({ repeated: webhooks.repeatLast(workspaces.get(id)) }),
    deliveries: (id) => webhooks.deliveries(workspaces.get(id)),
    contacts(id) {
      const workspace = workspaces.get(id);
      return [...workspace.contacts.values()].map((contact) => ({
        ...contactShape(workspace, contact),
        state: contact.state.kind,
      }));
    },
    mergeContacts(id, given) {
      const workspace = workspaces.get(id);
      const from = workspace.contacts.get(given.from);
      const into = workspace.contacts.get(given.into);
      if (!from || !into) throw new ControlError(404, 'Give "from" and "into" as ids of contacts of this workspace.');
      mergeContacts(environment, workspace, from, into);
      return { id: into.id };
    },
    archiveContact: (id, contactId) => putAway(id, contactId, 'archived'),
    nameContact(id, contactId, name) {
      const contact = workspaces.get(id).contacts.get(contactId);
      if (!contact) throw new ControlError(404, `There is no contact ${contactId} in workspace ${id}.`);
      contact.name = name;
      return { id: contact.id };
    },
    deleteContact: (id, contactId) => putAway(id, contactId, 'deleted'),
    conversations(id) {
      const workspace = workspaces.get(id);
      return [...workspace.conversations.values()].map((conversation) => summaryOf(workspace, conversation));
    },
    transcript(id, conversationId) {
      const workspace = workspaces.get(id);
      return transcriptOf(workspace, workspaces.conversation(workspace, conversationId));
    },
    deleteConversation(id, conversationId) {
      const workspace = workspaces.get(id);
      const conversation = workspaces.conversation(workspace, conversationId);
      workspace.conversations.delete(conversation.id);
      workspace.deletedConversations.push({ id: conversation.id, deletedAt: seconds(environment) });
      environment.context.feed.publish('intercom', 'conversation.deleted', { workspaceId: id, conversationId });
      announceFromInbox(environment, workspace, ['conversation.deleted'], conversation, []);
      return { id: conversation.id };
    },
    reply(id, conversationId, reply) {
      const workspace = workspaces.get(id);
      const conversation = workspaces.conversation(workspace, conversationId);
      return { part_id: replyAsAgent(environment, workspace, conversation, reply).id };
    },
  };
}
