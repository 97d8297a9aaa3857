import { ControlError } from '../control-error.ts';
import { type AgentReply, replyAsAgent } from './agent.ts';
import { announceFromInbox } from './announce.ts';
import { mergeContacts } from './contact-merge.ts';
import { contactShape } from './contact-shape.ts';
import { changeContactState } from './contacts.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { type IntercomOptions, withOptions } from './options.ts';
import {
  type ConversationSummary,
  conversationSummary,
  conversationTranscript,
  type Transcript,
} from './transcript.ts';
import type { Delivery } from './webhooks.ts';
import type { Contact, Workspace } from './workspace.ts';
import type { NewWorkspace, Workspaces } from './workspaces.ts';

/** What an app needs to connect to a new workspace. */
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

/** Drives the simulated Intercom. Unknown ids throw a `ControlError`. */
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
  /** Removes the app: its tokens end, and it receives no more webhooks. */
  uninstall(workspaceId: string): { readonly uninstalled: true };
  /** The test notification that Intercom sends when a subscription is saved. */
  ping(workspaceId: string): { readonly sent: true };
  /** Sends the newest notification again under a new id. */
  repeatNotification(workspaceId: string): { readonly repeated: boolean };
  deliveries(workspaceId: string): readonly Delivery[];
  contacts(workspaceId: string): readonly Readonly<Record<string, unknown>>[];
  mergeContacts(workspaceId: string, given: { readonly from: string; readonly into: string }): { readonly id: string };
  /** An agent archives a contact, or deletes it permanently. */
  archiveContact(workspaceId: string, contactId: string): { readonly id: string };
  deleteContact(workspaceId: string, contactId: string): { readonly id: string };
  nameContact(workspaceId: string, contactId: string, name: string): { readonly id: string };
  conversations(workspaceId: string): readonly ConversationSummary[];
  transcript(workspaceId: string, conversationId: string): Transcript;
  deleteConversation(workspaceId: string, conversationId: string): { readonly id: string };
  reply(workspaceId: string, conversationId: string, reply: AgentReply): { readonly part_id: string };
}

interface Deps {
  readonly environment: Environment;
  readonly workspaces: Workspaces;
}

export function createControl(environment: Environment, workspaces: Workspaces): IntercomControl {
  const { webhooks } = environment;
  const deps = { environment, workspaces };
  return {
    createWorkspace: (given = {}) => credentialsOf(workspaces.create(given)),
    listWorkspaces: () => workspaces.list().map(workspaceSummary),
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
    uninstall: (id) => uninstall(deps, workspaces.get(id)),
    ping(id) {
      void webhooks.deliver(workspaces.get(id), 'ping', { type: 'ping', message: 'ping' });
      return { sent: true };
    },
    repeatNotification: (id) => ({ repeated: webhooks.repeatLast(workspaces.get(id)) }),
    deliveries: (id) => webhooks.deliveries(workspaces.get(id)),
    contacts: (id) => listContacts(workspaces.get(id)),
    mergeContacts: (id, given) => merge(deps, workspaces.get(id), given),
    archiveContact: (id, contactId) => removeContact(deps, workspaces.get(id), contactId, 'archived'),
    deleteContact: (id, contactId) => removeContact(deps, workspaces.get(id), contactId, 'deleted'),
    nameContact(id, contactId, name) {
      contactById(workspaces.get(id), contactId).name = name;
      return { id: contactId };
    },
    conversations: (id) => listConversations(workspaces.get(id)),
    transcript(id, conversationId) {
      const workspace = workspaces.get(id);
      return conversationTranscript(workspace, workspaces.conversation(workspace, conversationId));
    },
    deleteConversation: (id, conversationId) => deleteConversation(deps, workspaces.get(id), conversationId),
    reply(id, conversationId, reply) {
      const workspace = workspaces.get(id);
      const conversation = workspaces.conversation(workspace, conversationId);
      return { part_id: replyAsAgent(environment, workspace, conversation, reply).id };
    },
  };
}

function credentialsOf(workspace: Workspace): WorkspaceCredentials {
  return {
    workspace_id: workspace.id,
    name: workspace.name,
    access_token: [...workspace.accessTokens][0] ?? '',
    client_id: workspace.app.clientId,
    client_secret: workspace.app.clientSecret,
    admins: humanAdmins(workspace),
    teams: workspace.teams,
  };
}

const workspaceSummary = (workspace: Workspace): WorkspaceSummary => ({
  workspace_id: workspace.id,
  name: workspace.name,
  admins: humanAdmins(workspace),
  conversations: workspace.conversations.size,
  options: workspace.options,
});

/** The admins without the Operator bot. */
const humanAdmins = (workspace: Workspace): WorkspaceCredentials['admins'] =>
  workspace.admins.filter((admin) => !admin.operator).map(({ id, name, email }) => ({ id, name, email }));

function uninstall({ environment, workspaces }: Deps, workspace: Workspace): { readonly uninstalled: true } {
  workspaces.revoke(workspace);
  environment.context.feed.publish('intercom', 'app.uninstalled', { workspaceId: workspace.id });
  return { uninstalled: true };
}

function listContacts(workspace: Workspace): readonly Readonly<Record<string, unknown>>[] {
  return [...workspace.contacts.values()].map((contact) => ({
    ...contactShape(workspace, contact),
    state: contact.state.kind,
  }));
}

function contactById(workspace: Workspace, contactId: string): Contact {
  const contact = workspace.contacts.get(contactId);
  if (!contact) throw new ControlError(404, `There is no contact ${contactId} in workspace ${workspace.id}.`);
  return contact;
}

function merge(
  { environment }: Deps,
  workspace: Workspace,
  given: { readonly from: string; readonly into: string },
): { readonly id: string } {
  const from = workspace.contacts.get(given.from);
  const into = workspace.contacts.get(given.into);
  if (!from || !into) throw new ControlError(404, 'Give "from" and "into" as ids of contacts of this workspace.');
  mergeContacts(environment, workspace, from, into);
  return { id: into.id };
}

function removeContact(
  { environment }: Deps,
  workspace: Workspace,
  contactId: string,
  next: 'archived' | 'deleted',
): { readonly id: string } {
  const state = workspace.contacts.get(contactId)?.state.kind;
  if (state !== 'live' && state !== 'archived')
    throw new ControlError(404, `There is no contact ${contactId} in workspace ${workspace.id}.`);
  changeContactState(environment, workspace, contactId, next);
  return { id: contactId };
}

const listConversations = (workspace: Workspace): readonly ConversationSummary[] =>
  [...workspace.conversations.values()].map((conversation) => conversationSummary(workspace, conversation));

function deleteConversation(
  { environment, workspaces }: Deps,
  workspace: Workspace,
  conversationId: string,
): { readonly id: string } {
  const conversation = workspaces.conversation(workspace, conversationId);
  workspace.conversations.delete(conversation.id);
  workspace.deletedConversations.push({ id: conversation.id, deletedAt: nowSeconds(environment) });
  environment.context.feed.publish('intercom', 'conversation.deleted', { workspaceId: workspace.id, conversationId });
  announceFromInbox(environment, workspace, ['conversation.deleted'], conversation, []);
  return { id: conversation.id };
}
