import type { Environment } from './environment.ts';
import { choice, objects, optionalText, requireAll, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import { findAgent, type Message, type Portal, type Thread } from './portal.ts';
import { invalid, notFound } from './refusal.ts';
import { addMessage, announceMessage, messageShape, setThreadStatus } from './threads-store.ts';
import { isoTime } from './time.ts';
import { withoutNulls } from './without-nulls.ts';

const basePath = '/conversations/conversations/{version}';

function requestedThread(call: Call): Thread {
  const thread = call.portal.threads.get(call.params['threadId'] ?? '');
  if (!thread) throw notFound('Thread');
  return thread;
}

function threadShape(thread: Thread) {
  const last = thread.messages.at(-1);
  return withoutNulls({
    id: thread.id,
    status: thread.status,
    createdAt: isoTime(thread.createdAtMs),
    closedAt: thread.closedAtMs === null ? null : isoTime(thread.closedAtMs),
    latestMessageTimestamp: last?.createdAt ?? null,
    originalChannelId: thread.channelId,
    originalChannelAccountId: thread.channelAccountId,
    inboxId: thread.inboxId,
    // HubSpot: the id of a visitor is that of a contact, whether the team knows the person or not.
    associatedContactId: thread.contactId ?? thread.visitorId,
    assignedTo: thread.assignedTo,
    archived: false,
    spam: false,
  });
}

function listThreads({ portal, query }: Call) {
  const after = query['latestMessageTimestampAfter'];
  const results = [...portal.threads.values()].filter(
    (thread) =>
      (query['inboxId'] === undefined || thread.inboxId === query['inboxId']) &&
      (query['associatedContactId'] === undefined || thread.contactId === query['associatedContactId']) &&
      (query['threadStatus'] === undefined || thread.status === query['threadStatus']) &&
      (after === undefined || Date.parse(thread.messages.at(-1)?.createdAt ?? '') > Date.parse(after)),
  );
  return { results: results.map(threadShape) };
}

/** An actor by its id. HubSpot: the prefix of the id is the kind of actor. */
function actorShape(portal: Portal, actorId: string) {
  const user = findAgent(portal, actorId);
  if (user) return { id: actorId, type: 'AGENT', name: user.name, email: user.email };
  const thread = [...portal.threads.values()].find((candidate) => candidate.visitor.actorId === actorId);
  if (thread) return withoutNulls({ id: actorId, type: 'VISITOR', name: thread.visitor.name });
  if (actorId === `I-${portal.app.id}`) return { id: actorId, type: 'INTEGRATOR', name: portal.name };
  if (actorId === 'B-1') return { id: actorId, type: 'BOT', name: 'Bot' };
  return undefined;
}

/**
 * Writes a message into the inbox through the API. A COMMENT is internal; a MESSAGE is sent over the channel like an
 * agent's.
 */
async function postMessage(environment: Environment, call: Call) {
  const { portal, body } = call;
  const thread = requestedThread(call);
  const type = choice(body, 'type', ['MESSAGE', 'COMMENT'] as const);
  requireAll(
    body,
    type === 'COMMENT'
      ? ['attachments', 'text']
      : ['attachments', 'channelAccountId', 'channelId', 'recipients', 'senderActorId', 'text'],
  );
  const actorId = optionalText(body, 'senderActorId') ?? `I-${portal.app.id}`;
  if (type === 'MESSAGE' && !findAgent(portal, actorId)) throw invalid(`Invalid senderActorId: '${actorId}'`);
  const message = addMessage(environment, portal, thread, {
    type,
    direction: 'OUTGOING',
    text: text(body, 'text'),
    richText: optionalText(body, 'richText') ?? null,
    attachments: objects(body, 'attachments'),
    senders: [{ actorId, name: null, deliveryIdentifier: null }],
    recipients: type === 'COMMENT' ? [] : [thread.visitor],
    createdBy: actorId,
    createdAt: isoTime(environment.context.clock.nowMs()),
    clientType: 'INTEGRATION',
    inReplyToId: null,
    idempotencyId: null,
    status: { statusType: 'SENT', errorMessage: null },
  });
  const channel = portal.channels.get(thread.channelId);
  if (type === 'MESSAGE' && channel) void announceMessage(environment, portal, channel, thread, message);
  return messageShape(portal, message);
}

function requestedMessage(call: Call): Message {
  const message = requestedThread(call).messages.find(({ id }) => id === call.params['messageId']);
  if (!message) throw notFound('Message');
  return message;
}

function listMessages(call: Call) {
  const newestFirst = [...requestedThread(call).messages].reverse();
  const limit = Number(call.query['limit'] ?? 100);
  const start = Number(call.query['after'] ?? 0);
  const next = start + limit < newestFirst.length ? { paging: { next: { after: String(start + limit) } } } : {};
  return {
    results: newestFirst.slice(start, start + limit).map((message) => messageShape(call.portal, message)),
    ...next,
  };
}

export function conversationOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: `GET ${basePath}/inboxes`,
      handle: ({ portal }) => ({
        total: portal.inboxes.length,
        results: portal.inboxes.map(({ createdAtMs, ...inbox }) => {
          const createdAt = isoTime(createdAtMs);
          return { ...inbox, archived: false, createdAt, updatedAt: createdAt };
        }),
      }),
    },
    {
      name: `GET ${basePath}/actors/{actorId}`,
      handle({ portal, params }) {
        const actor = actorShape(portal, params['actorId'] ?? '');
        if (!actor) throw notFound('Actor');
        return actor;
      },
    },
    {
      name: `POST ${basePath}/actors/batch/read`,
      handle({ portal, body }) {
        const inputs = Array.isArray(body['inputs']) ? body['inputs'].map(String) : [];
        const at = isoTime(environment.context.clock.nowMs());
        const results = inputs.flatMap((id) => actorShape(portal, id) ?? []);
        return { status: 'COMPLETE', results, startedAt: at, completedAt: at };
      },
    },
    { name: `GET ${basePath}/threads`, handle: listThreads },
    { name: `GET ${basePath}/threads/{threadId}`, handle: (call) => threadShape(requestedThread(call)) },
    {
      name: `PATCH ${basePath}/threads/{threadId}`,
      handle(call) {
        const thread = requestedThread(call);
        setThreadStatus(environment, thread, choice(call.body, 'status', ['OPEN', 'CLOSED'] as const));
        return threadShape(thread);
      },
    },
    {
      name: `PUT ${basePath}/threads/{threadId}/assignee`,
      handle(call) {
        const actorId = text(call.body, 'actorId');
        if (!findAgent(call.portal, actorId)) throw invalid(`Invalid actorId: '${actorId}'`);
        const thread = requestedThread(call);
        thread.assignedTo = actorId;
        return threadShape(thread);
      },
    },
    { name: `GET ${basePath}/threads/{threadId}/messages`, handle: listMessages },
    {
      name: `GET ${basePath}/threads/{threadId}/messages/{messageId}`,
      handle: (call) => messageShape(call.portal, requestedMessage(call)),
    },
    {
      name: `GET ${basePath}/threads/{threadId}/messages/{messageId}/original-content`,
      handle(call) {
        const { text, richText } = requestedMessage(call);
        return withoutNulls({ text, richText });
      },
    },
    {
      name: `POST ${basePath}/threads/{threadId}/messages`,
      status: 201,
      handle: (call) => postMessage(environment, call),
    },
  ];
}
