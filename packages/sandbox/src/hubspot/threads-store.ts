import type { Fields } from '../inbox-server/fields.ts';
import type { Environment } from './environment.ts';
import type { Channel, ChannelAccount, Message, Party, Portal, Thread } from './portal.ts';
import { withoutNulls } from './without-nulls.ts';

export function findThread(portal: Portal, account: ChannelAccount, integrationThreadId: string): Thread | undefined {
  const id = portal.threadIdByKey.get(`${account.id} ${integrationThreadId}`);
  return id === undefined ? undefined : portal.threads.get(id);
}

export function openThread(
  environment: Environment,
  portal: Portal,
  account: ChannelAccount,
  integrationThreadId: string,
  customer: Omit<Party, 'actorId'>,
): Thread {
  const visitorId = environment.ids.next('visitor');
  const thread: Thread = {
    id: environment.ids.next('thread'),
    channelId: account.channelId,
    channelAccountId: account.id,
    inboxId: account.inboxId,
    integrationThreadId,
    visitorId,
    visitor: { ...customer, actorId: `V-${visitorId}` },
    status: 'OPEN',
    closedAtMs: null,
    assignedTo: null,
    contactId: null,
    createdAtMs: environment.context.clock.nowMs(),
    messages: [],
  };
  portal.threads.set(thread.id, thread);
  portal.threadIdByKey.set(`${account.id} ${integrationThreadId}`, thread.id);
  environment.context.feed.publish('hubspot', 'thread.created', {
    portalId: portal.id,
    threadId: thread.id,
    integrationThreadId,
  });
  return thread;
}

export function setThreadStatus(environment: Environment, thread: Thread, status: Thread['status']): void {
  thread.status = status;
  thread.closedAtMs = status === 'CLOSED' ? environment.context.clock.nowMs() : null;
}

export function addMessage(
  environment: Environment,
  portal: Portal,
  thread: Thread,
  given: Omit<Message, 'id' | 'threadId' | 'channelId' | 'channelAccountId'>,
): Message {
  const message: Message = {
    ...given,
    id: environment.ids.hex(32),
    threadId: thread.id,
    channelId: thread.channelId,
    channelAccountId: thread.channelAccountId,
  };
  thread.messages.push(message);
  portal.messages.set(message.id, message);
  environment.context.feed.publish('hubspot', message.type === 'COMMENT' ? 'comment.added' : 'message.added', {
    portalId: portal.id,
    threadId: thread.id,
    messageId: message.id,
    text: message.text,
    direction: message.direction,
    createdBy: message.createdBy,
    clientType: message.clientType,
  });
  return message;
}

const clientShape = (portal: Portal, message: Message) =>
  message.clientType === 'INTEGRATION'
    ? { clientType: message.clientType, integrationAppId: Number(portal.app.id) }
    : { clientType: message.clientType };

/** HubSpot: a comment has no channel, no direction and no status. */
export function messageShape(portal: Portal, message: Message) {
  const { textMax } = portal.options;
  const isCut = message.text.length > textMax;
  const isComment = message.type === 'COMMENT';
  const shared = {
    type: message.type,
    id: message.id,
    conversationsThreadId: message.threadId,
    createdAt: message.createdAt,
    createdBy: message.createdBy,
    client: clientShape(portal, message),
    senders: message.senders.map(withoutNulls),
    recipients: message.recipients.map(withoutNulls),
    text: isComment ? message.text : message.text.slice(0, textMax),
    richText: isComment ? (message.richText ?? message.text) : isCut ? null : message.richText,
    attachments: message.attachments.map(attachmentShape),
    archived: false,
  };
  if (isComment) return withoutNulls(shared);
  return withoutNulls({
    ...shared,
    channelId: message.channelId,
    channelAccountId: message.channelAccountId,
    direction: message.direction,
    inReplyToId: message.inReplyToId,
    truncationStatus: isCut ? 'TRUNCATED' : 'NOT_TRUNCATED',
    status: statusShape(message.status),
  });
}

const statusShape = ({ statusType, errorMessage }: Message['status']) =>
  errorMessage === null ? { statusType } : { statusType, failureDetails: { errorMessage, errorMessageTokens: {} } };

/** What HubSpot adds to an attachment that leaves it out. */
const attachmentShape = (attachment: Fields): Fields =>
  attachment['type'] === 'QUICK_REPLIES'
    ? { allowMultiSelect: false, allowUserInput: false, ...attachment }
    : attachment['type'] === 'FILE'
      ? { fileUsageType: 'OTHER', ...attachment }
      : attachment;

/** HubSpot: the event contains the actor id of the sender without the name; the name is in the actor. */
export function announceMessage(
  environment: Environment,
  portal: Portal,
  channel: Channel,
  thread: Thread,
  message: Message,
  copies = 1,
): Promise<void> {
  const shape = messageShape(portal, message);
  return environment.webhooks.deliver(
    portal,
    channel,
    'OUTGOING_CHANNEL_MESSAGE_CREATED',
    {
      channelIntegrationThreadIds: [thread.integrationThreadId],
      message: { ...shape, senders: message.senders.map(({ actorId }) => ({ actorId })) },
    },
    copies,
  );
}
