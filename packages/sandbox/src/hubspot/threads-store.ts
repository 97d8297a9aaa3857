import type { Environment } from './environment.ts';
import type { Channel, ChannelAccount, Message, Party, Portal, Thread } from './portal.ts';

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

export function messageShape(portal: Portal, message: Message) {
  const { textMax } = portal.options;
  const isCut = message.text.length > textMax;
  return {
    type: message.type,
    id: message.id,
    conversationsThreadId: message.threadId,
    channelId: message.channelId,
    channelAccountId: message.channelAccountId,
    createdAt: message.createdAt,
    createdBy: message.createdBy,
    client: clientShape(portal, message),
    direction: message.direction,
    senders: message.senders,
    recipients: message.recipients,
    text: message.text.slice(0, textMax),
    richText: isCut ? null : message.richText,
    attachments: message.attachments,
    inReplyToId: message.inReplyToId,
    truncationStatus: isCut ? 'TRUNCATED' : 'NOT_TRUNCATED',
    status: {
      statusType: message.status.statusType,
      ...(message.status.errorMessage === null
        ? {}
        : { failureDetails: { errorMessage: message.status.errorMessage } }),
    },
    archived: false,
  };
}

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
