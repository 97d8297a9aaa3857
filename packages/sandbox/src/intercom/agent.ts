import { ControlError } from '../control-error.ts';
import { announceFromInbox, topicsForPart } from './announce.ts';
import { storeAttachment } from './attachments.ts';
import { addPart } from './conversation-writes.ts';
import type { Environment } from './environment.ts';
import { adminHtml } from './html.ts';
import {
  type Admin,
  type Attachment,
  type Author,
  adminAuthor,
  type Conversation,
  findSender,
  type Part,
  type Workspace,
} from './workspace.ts';

/** A file with an address, or with its bytes, which are then served at an address of the simulated Intercom. */
export interface AgentAttachment {
  readonly name: string;
  readonly url?: string | undefined;
  readonly content_base64?: string | undefined;
  readonly content_type?: string | undefined;
}

/** An action of an agent, or of a bot of the workspace, in the inbox. */
export interface AgentReply {
  /** Default: the first admin. */
  readonly admin_id?: string | undefined;
  /** Text or HTML. A close, an open and an assignment can have one: Intercom then adds no separate comment. */
  readonly body?: string | undefined;
  /** One of `replyKinds`; default: `comment`. */
  readonly kind?: string | undefined;
  /**
   * `admin` (default), `operator` (a workflow's bot) or `fin` (the AI agent); replies of bots are sent on two topics.
   */
  readonly as?: string | undefined;
  readonly assignee_id?: string | undefined;
  readonly attachments?: readonly AgentAttachment[] | undefined;
  /** The words in other languages, as text or HTML by locale. Saved and announced after the reply itself. */
  readonly translations?: Readonly<Record<string, string>> | undefined;
  readonly quick_replies?: readonly { readonly text: string; readonly uuid: string }[] | undefined;
}

const replyKinds = ['comment', 'note', 'close', 'open', 'assignment', 'quick_reply'] as const;

function replyAuthor(workspace: Workspace, reply: AgentReply): { author: Author; admin: Admin } {
  const admin =
    reply.admin_id === undefined
      ? workspace.admins.find((candidate) => !candidate.operator)
      : findSender(workspace, String(reply.admin_id));
  if (!admin) throw new ControlError(404, `There is no admin ${reply.admin_id} in this workspace.`);
  const bot = workspace.admins.find((candidate) => candidate.operator);
  const as = ['admin', 'operator', 'fin'].find((candidate) => candidate === (reply.as ?? 'admin'));
  if (as === undefined) throw new ControlError(400, 'Give "as" as admin, operator or fin.');
  if (as === 'admin' || !bot) return { author: adminAuthor(admin), admin };
  const name = as === 'fin' ? 'Fin' : bot.name;
  return { author: { type: 'bot', id: bot.id, name, email: bot.email, aiAnswer: as === 'fin' }, admin };
}

function replyAttachments(environment: Environment, workspace: Workspace, reply: AgentReply): readonly Attachment[] {
  return (reply.attachments ?? []).map(({ name, url, content_base64: content, content_type: given }) => {
    const contentType = given ?? 'application/octet-stream';
    if (url !== undefined) return { type: 'upload', name, url, content_type: contentType, filesize: 0 };
    if (content === undefined) throw new ControlError(400, 'Give each attachment a "url" or "content_base64".');
    if (workspace.baseUrl === null)
      throw new ControlError(
        409,
        'Call the API of this workspace once: then the address of the simulated Intercom is known.',
      );
    const data = Buffer.from(content, 'base64');
    return storeAttachment(environment, workspace, workspace.baseUrl, { name, contentType, data });
  });
}

export function replyAsAgent(
  environment: Environment,
  workspace: Workspace,
  conversation: Conversation,
  reply: AgentReply,
): Part {
  const kind = replyKinds.find((candidate) => candidate === (reply.kind ?? 'comment'));
  if (!kind) throw new ControlError(400, `Give "kind" as one of ${replyKinds.join(', ')}.`);
  const { author, admin } = replyAuthor(workspace, reply);
  const attachments = replyAttachments(environment, workspace, reply);
  const speaks = kind === 'comment' || kind === 'note';
  if (speaks && !reply.body && attachments.length === 0)
    throw new ControlError(400, `A ${kind} needs a "body" or "attachments".`);
  const assigneeId = kind === 'assignment' ? (reply.assignee_id ?? admin.id) : null;
  if (assigneeId !== null && !findSender(workspace, assigneeId)) {
    throw new ControlError(404, `There is no admin ${assigneeId} in this workspace.`);
  }
  if (assigneeId !== null) conversation.adminAssigneeId = assigneeId;
  const states = { close: 'closed', open: 'open', comment: 'open' } as const;
  const part = addPart(environment, workspace, conversation, {
    partType: kind,
    body: reply.body ? adminHtml(reply.body) : null,
    author,
    attachments,
    assignedTo: assigneeId === null ? null : { type: 'admin', id: assigneeId },
    metadata: reply.quick_replies ? { quick_reply_options: reply.quick_replies } : {},
    madeBy: 'inbox',
    state: kind === 'close' || kind === 'open' || kind === 'comment' ? states[kind] : conversation.state,
  });
  if (kind !== 'note') conversation.waitingSince = null;
  announceFromInbox(environment, workspace, topicsForPart(part), conversation, [part]);
  if (reply.translations !== undefined) {
    part.translations = { ...translated(reply.translations), original: 'en', en: part.body ?? '' };
    announceFromInbox(environment, workspace, ['conversation.admin.replied.translated'], conversation, [part]);
  }
  return part;
}

const translated = (translations: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(translations).map(([locale, words]) => [locale, adminHtml(words)]));
