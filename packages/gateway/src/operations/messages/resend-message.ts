import type { Input, Message } from '@chatferry/contract';
import type { Directory } from '../../engine/directory/directory.ts';
import { type ClaimStore, claimOnce, releasesKey } from '../../engine/send/claim-delivery.ts';
import type { DeliveryIntent } from '../../engine/send/delivery.ts';
import { fetchStored } from '../../engine/send/fetch-stored.ts';
import type { RepeatableMessage } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { type CallerDeps, deliverForCaller } from '../deliver-for-caller.ts';
import type { FileStore } from '../files/store-content.ts';
import { assertCanSend } from '../send-telegram-interactive/choose-channel.ts';
import { sentAnswer } from '../send-telegram-interactive/sent-answer.ts';
import type { LinkTo } from './file-links.ts';
import { noSuchMessage, showMessage } from './show-message.ts';

export interface ResendDeps extends CallerDeps {
  readonly linkTo: LinkTo;
  readonly store: ClaimStore & FileStore & StoreSlice<{ readonly messages: 'readAny' | 'readRepeatable' }>;
  readonly directory: Directory;
  readonly epoch: number;
}

/**
 * Sends a message again because a person decided so: as a new message, which names the one that it repeats. Each message is
 * repeated at most once. To repeat it again, repeat the new message.
 */
export async function resendMessage(
  deps: ResendDeps,
  { requestId }: RequestContext,
  { params: { message_id: messageId }, body: { note } }: Input<'resendMessage'>,
): Promise<Message> {
  const { store, directory, epoch } = deps;
  const message = await store.messages.readRepeatable(messageId);
  if (!message) throw noSuchMessage();
  const wire = assertRepeatable(message);
  const { workspaceId, channelId } = message;
  const open = await directory.channel(channelId);
  const workspace = await directory.workspace(workspaceId);
  if (!open || !workspace) throw new ApiError('FEATURE_DISABLED');
  assertCanSend(open.record, deps.kind);

  const name = { scope: channelId, route: 'resend', key: String(messageId) };
  const claimed = await claimOnce(store, { name, workspaceId, channelId, requestId, epoch });
  if (claimed.kind === 'delivered-before') throw alreadyRepeated(messageId, claimed.message.messageId);
  if (claimed.kind !== 'claimed') throw new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });

  const intent: DeliveryIntent = {
    workspaceId,
    channelId,
    chatId: message.chatId,
    origin: message.origin === 'customer' ? 'api' : message.origin,
    requestId,
    keyId: null,
    senderId: message.senderId,
    content: message.content,
    wire,
    epoch,
    idempotency: name,
    replyRef: message.replyRef,
    resend: { of: messageId, note },
    metadata: message.metadata,
    skipsInbox: message.skipsInbox,
  };
  const fetchAttachment = fetchStored(store, workspaceId, workspace.inbox.fetchAttachment);
  const delivery = await deliverForCaller(deps, { intent, channel: open.channel, fetchAttachment });
  const sent = sentAnswer(requestId, delivery, []);
  const record = await store.messages.readAny(sent.message_id);
  if (!record) throw new Error(`message ${sent.message_id} was sent but is not in the store`);
  return showMessage(record, deps.linkTo);
}

/** The stored request of a message that may be repeated. Throws TYPE_MISMATCH. */
function assertRepeatable({ messageId, direction, origin, state, failureName, wire, resentAs }: RepeatableMessage) {
  if (resentAs !== null) throw alreadyRepeated(messageId, resentAs);
  // The relay may be about to send it as a new message: the customer would get it twice.
  if (origin === 'agent' && state === 'failed' && failureName !== null && releasesKey(failureName))
    throw invalidValue(
      '#/params/message_id',
      `message_id must be that of a message that is not sent again automatically; message ${messageId} is an agent’s reply that was certainly not sent and is retried for an hour. After that the agent gets a note: ask the agent to write the reply again.`,
    );
  if (direction === 'outbound' && (state === 'failed' || state === 'unknown') && wire !== null) return wire;
  const what = direction === 'outbound' ? `is ${state}` : 'came from the customer';
  throw invalidValue(
    '#/params/message_id',
    `message_id must be that of a message that failed or whose outcome is unknown; message ${messageId} ${what}.`,
  );
}

const alreadyRepeated = (messageId: number, resentAs: number): ApiError =>
  invalidValue(
    '#/params/message_id',
    `message_id must be that of a message that was not repeated before; message ${messageId} was repeated as message ${resentAs}. Look at that message, and repeat it if you need to.`,
  );
