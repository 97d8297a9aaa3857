import { ControlError } from '../control-error.ts';
import type { Fields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import { signedAddress, storeFile } from './files.ts';
import type { Message, Portal, Thread } from './portal.ts';
import { addMessage, announceMessage, setThreadStatus } from './threads-store.ts';
import { isoTime } from './time.ts';

/** An action of an agent, or of a bot of the portal, in the inbox. */
export interface AgentReply {
  /** Default: the first user. */
  readonly user_id?: string | undefined;
  readonly text?: string | undefined;
  readonly rich_text?: string | undefined;
  /** `message` (default) is sent over the channel, `comment` is internal, `close` and `open` only set the status. */
  readonly kind?: string | undefined;
  /** `agent` (default) or `bot`. */
  readonly as?: string | undefined;
  /** As in HubSpot's events; or a file as `name`, `content_base64` and `content_type`, which is stored and served. */
  readonly attachments?: readonly Fields[] | undefined;
}

const replyKinds = ['message', 'comment', 'close', 'open'];

function replyActorId(portal: Portal, reply: AgentReply): string {
  if (reply.as === 'bot') return 'B-1';
  if (reply.as !== undefined && reply.as !== 'agent') throw new ControlError(400, 'Give "as" as agent or bot.');
  const user = reply.user_id === undefined ? portal.users[0] : portal.users.find(({ id }) => id === reply.user_id);
  if (!user) throw new ControlError(404, `There is no user ${reply.user_id} in this portal.`);
  return `A-${user.id}`;
}

/** Returns the message; null if only the status was changed. */
export function replyAsAgent(
  environment: Environment,
  portal: Portal,
  thread: Thread,
  reply: AgentReply,
): Message | null {
  const kind = reply.kind ?? 'message';
  if (!replyKinds.includes(kind)) throw new ControlError(400, `Give "kind" as one of ${replyKinds.join(', ')}.`);
  if (kind === 'close' || kind === 'open') {
    setThreadStatus(environment, thread, kind === 'close' ? 'CLOSED' : 'OPEN');
    environment.context.feed.publish('hubspot', 'thread.updated', {
      portalId: portal.id,
      threadId: thread.id,
      status: thread.status,
    });
    return null;
  }
  const actorId = replyActorId(portal, reply);
  const attachments = (reply.attachments ?? []).map((given) => replyAttachment(environment, portal, given));
  if (!reply.text && !reply.rich_text && attachments.length === 0) {
    throw new ControlError(400, 'Give "text", "rich_text" or "attachments".');
  }
  // HubSpot: a new chat has no assignee; it is assigned to the first user who replies.
  if (kind === 'message' && actorId.startsWith('A-')) thread.assignedTo ??= actorId;
  const message = addMessage(environment, portal, thread, {
    type: kind === 'comment' ? 'COMMENT' : 'MESSAGE',
    direction: 'OUTGOING',
    text: reply.text ?? '',
    richText: reply.rich_text ?? (reply.text === undefined ? null : `<p>${escapeHtml(reply.text)}</p>`),
    attachments,
    senders: [{ actorId, name: null, deliveryIdentifier: null }],
    recipients: kind === 'comment' ? [] : [thread.visitor],
    createdBy: actorId,
    createdAt: isoTime(environment.context.clock.nowMs()),
    clientType: 'HUBSPOT',
    inReplyToId: null,
    idempotencyId: null,
    status: { statusType: 'SENT', errorMessage: null },
  });
  const channel = portal.channels.get(thread.channelId);
  if (message.type === 'MESSAGE' && channel) void announceMessage(environment, portal, channel, thread, message);
  return message;
}

function replyAttachment(environment: Environment, portal: Portal, given: Fields): Fields {
  const { content_base64: content, name, content_type: contentType, ...rest } = given;
  if (content === undefined)
    return given['type'] === 'FILE' ? { fileId: environment.ids.next('file'), ...given } : given;
  if (typeof content !== 'string' || typeof name !== 'string')
    throw new ControlError(400, 'Give a file "name" and "content_base64" as strings.');
  if (portal.baseUrl === null)
    throw new ControlError(
      409,
      'Call the API of this portal once: then the address of the simulated HubSpot is known.',
    );
  const file = storeFile(environment, portal, {
    name,
    contentType: typeof contentType === 'string' ? contentType : 'application/octet-stream',
    access: 'PRIVATE',
    folderPath: '/conversations',
    data: Buffer.from(content, 'base64'),
  });
  const url = signedAddress(portal.baseUrl, file);
  return { type: 'FILE', fileUsageType: 'OTHER', ...rest, fileId: file.id, name, url };
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');
}
