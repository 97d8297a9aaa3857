import type { Fields } from '../inbox-server/fields.ts';
import { identifierIn, requestedAccount } from './channel-accounts.ts';
import { requestedChannel } from './channels.ts';
import type { Environment } from './environment.ts';
import { choice, object, objects, optionalText, requireAll, text } from './fields.ts';
import { checkAttachments } from './message-attachments.ts';
import type { Call, Operation } from './operation.ts';
import {
  type Channel,
  type ChannelAccount,
  findAgent,
  type Message,
  type Party,
  type Portal,
  type Thread,
} from './portal.ts';
import { invalid, notFound } from './refusal.ts';
import { addMessage, announceMessage, findThread, messageShape, openThread, setThreadStatus } from './threads-store.ts';

const basePath = '/conversations/custom-channels/{version}/{channelId}/messages';
const requiredFields = [
  'attachments',
  'channelAccountId',
  'messageDirection',
  'recipients',
  'senders',
  'text',
  'timestamp',
];
const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** A published message before its thread is found. */
interface Publication {
  readonly direction: 'INCOMING' | 'OUTGOING';
  readonly senders: readonly Omit<Party, 'actorId'>[];
  readonly recipients: readonly Omit<Party, 'actorId'>[];
  readonly senderActorId: string | null;
  readonly threadKey: string;
  readonly contactId: string | null;
}

function partiesIn(channel: Channel, body: Fields, name: string): readonly Omit<Party, 'actorId'>[] {
  const parties = objects(body, name);
  if (parties.length === 0) throw invalid(`${name} must not be empty`);
  return parties.map((party) => ({
    name: optionalText(party, 'name') ?? null,
    deliveryIdentifier: identifierIn(channel, object(party, 'deliveryIdentifier')),
  }));
}

/** The actor id of the sender, `A-<user id>` of a user of this portal; null where none is given. */
function senderActorIn(portal: Portal, body: Fields): string | null {
  const actorId = optionalText(objects(body, 'senders')[0] ?? {}, 'senderActorId') ?? null;
  if (actorId === null) return null;
  if (!findAgent(portal, actorId)) throw invalid(`Invalid senderActorId: '${actorId}' is not an actor of this account`);
  return actorId;
}

function contactIn(portal: Portal, body: Fields): string | null {
  const given = body['associateWithContactId'] ?? null;
  if (given === null) return null;
  if (typeof given !== 'number' || !Number.isInteger(given)) throw invalid('associateWithContactId must be an integer');
  if (!portal.contacts.has(String(given))) throw invalid(`There is no contact ${given}`);
  return String(given);
}

function readPublication(call: Call, channel: Channel): Publication {
  const { body, portal } = call;
  if (!isoPattern.test(text(body, 'timestamp')) || Number.isNaN(Date.parse(text(body, 'timestamp')))) {
    throw invalid('Invalid input JSON: timestamp must be an ISO 8601 date and time');
  }
  if (text(body, 'text') === '') throw invalid('text must not be empty');
  const direction = choice(body, 'messageDirection', ['INCOMING', 'OUTGOING'] as const);
  const senders = partiesIn(channel, body, 'senders');
  const recipients = partiesIn(channel, body, 'recipients');
  const customer = direction === 'INCOMING' ? senders[0] : recipients[0];
  const byIdentifier = channel.capabilities['threadingModel'] === 'DELIVERY_IDENTIFIER';
  const threadKey = byIdentifier ? customer?.deliveryIdentifier?.value : optionalText(body, 'integrationThreadId');
  if (!threadKey) throw invalid('integrationThreadId is required by the threading model of this channel');
  const senderActorId = senderActorIn(portal, body);
  return { direction, senders, recipients, senderActorId, threadKey, contactId: contactIn(portal, body) };
}

function findOrOpenThread(
  environment: Environment,
  portal: Portal,
  account: ChannelAccount,
  given: Publication,
): Thread {
  const present = findThread(portal, account, given.threadKey);
  if (present) return present;
  if (given.direction === 'OUTGOING' && !portal.options.outgoingOpensThread) {
    throw invalid('An outgoing message cannot open a thread on this channel');
  }
  const customer = given.direction === 'INCOMING' ? given.senders[0] : given.recipients[0];
  if (!customer) throw invalid('A message needs a sender and a recipient');
  return openThread(environment, portal, account, given.threadKey, customer);
}

function storePublication(
  environment: Environment,
  call: Call,
  account: ChannelAccount,
  channel: Channel,
): { message: Message; thread: Thread } {
  const { body, portal } = call;
  const given = readPublication(call, channel);
  const attachments = checkAttachments(portal, channel, objects(body, 'attachments'));
  const idempotencyId = optionalText(body, 'integrationIdempotencyId') ?? null;
  const inReplyToId = optionalText(body, 'inReplyToId') ?? null;
  if (!account.authorized) throw invalid(`Channel account ${account.id} is not authorized`);
  const thread = findOrOpenThread(environment, portal, account, given);
  thread.contactId = given.contactId ?? thread.contactId;
  const incoming = given.direction === 'INCOMING';
  if (incoming) setThreadStatus(environment, thread, 'OPEN');
  const business = given.senderActorId ?? `I-${portal.app.id}`;
  const [from, to] = incoming ? [thread.visitor.actorId, business] : [business, thread.visitor.actorId];
  const message = addMessage(environment, portal, thread, {
    type: 'MESSAGE',
    direction: given.direction,
    text: text(body, 'text'),
    richText: optionalText(body, 'richText') ?? null,
    attachments,
    senders: given.senders.map((party) => ({ ...party, actorId: from })),
    recipients: given.recipients.map((party) => ({ ...party, actorId: to })),
    createdBy: from,
    createdAt: new Date(text(body, 'timestamp')).toISOString(),
    clientType: 'INTEGRATION',
    inReplyToId,
    idempotencyId,
    status: { statusType: incoming ? 'RECEIVED' : 'SENT', errorMessage: null },
  });
  return { message, thread };
}

/** HubSpot: for a repeated `integrationIdempotencyId` the answer is the first message, and no message is added. */
async function publish(environment: Environment, call: Call) {
  const { portal, body } = call;
  const channel = requestedChannel(call);
  requireAll(body, requiredFields);
  const account = requestedAccount(call, text(body, 'channelAccountId'));
  const idempotencyId = optionalText(body, 'integrationIdempotencyId');
  const key = idempotencyId === undefined ? undefined : `${channel.id} ${idempotencyId}`;
  const earlier = portal.messages.get(portal.messageIdByIdempotencyId.get(key ?? '') ?? '');
  if (earlier) return messageShape(portal, earlier);
  const { message, thread } = storePublication(environment, call, account, channel);
  if (key !== undefined) portal.messageIdByIdempotencyId.set(key, message.id);
  const { echo } = portal.options;
  if (message.direction === 'OUTGOING' && echo !== 'never') {
    const announced = announceMessage(environment, portal, channel, thread, message, echo === 'twice' ? 2 : 1);
    if (echo === 'before') await announced;
  }
  return messageShape(portal, message);
}

function requestedMessage(call: Call): Message {
  const message = call.portal.messages.get(call.params['messageId'] ?? '');
  if (!message || message.channelId !== requestedChannel(call).id) throw notFound('Message');
  return message;
}

/** Sets the delivery status of a message. The agent sees FAILED with its reason. */
function setMessageStatus(environment: Environment, call: Call) {
  const message = requestedMessage(call);
  const statusType = choice(call.body, 'statusType', ['SENT', 'FAILED', 'READ'] as const);
  message.status = { statusType, errorMessage: optionalText(call.body, 'errorMessage') ?? null };
  message.reportedStatus = statusType;
  environment.context.feed.publish('hubspot', 'message.status', {
    portalId: call.portal.id,
    threadId: message.threadId,
    messageId: message.id,
    statusType,
    errorMessage: message.status.errorMessage,
  });
  return messageShape(call.portal, message);
}

export function messageOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: `POST ${basePath}`,
      status: 201,
      subject: (body) => body['integrationThreadId'],
      handle: (call) => publish(environment, call),
    },
    { name: `GET ${basePath}/{messageId}`, handle: (call) => messageShape(call.portal, requestedMessage(call)) },
    { name: `PATCH ${basePath}/{messageId}`, handle: (call) => setMessageStatus(environment, call) },
  ];
}
