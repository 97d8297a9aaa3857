import type { Input, SendInteractive, Sent } from '@chatferry/contract';
import type { Failure } from '../../core/delivery/failure.ts';
import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { Erasures } from '../../engine/directory/erasures.ts';
import type { Delivery, DeliveryIntent } from '../../engine/send/delivery.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { MessageRecord } from '../../store/messages.ts';
import { ApiError } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { type CallerDeps, deliverForCaller } from '../deliver-for-caller.ts';
import type { Idempotency, ReplayedSend } from '../idempotency.ts';
import { refuseTestChat } from '../test-mode/refuse-test-chat.ts';
import { assertCanSend, chooseChannel } from './choose-channel.ts';
import { type ChosenSender, chooseSender } from './choose-sender.ts';
import { sentAnswer } from './sent-answer.ts';

export interface SendDeps extends CallerDeps {
  readonly directory: Directory;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  readonly readChat: (channelId: string, chatId: string) => Promise<unknown>;
  readonly kind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly epoch: number;
  readonly idempotency: Pick<Idempotency, 'claimSend' | 'findSend' | 'release'>;
}

const erasedCustomer =
  'This customer was erased on request and has not written since. You can write to them once they write to the bot.';
const disabledWorkspace =
  'This channel cannot send: its workspace is disabled. Ask the administrator to make the workspace active again.';

/** Sends one interactive message. The answer reports only what is already durable. */
export async function sendTelegramInteractive(
  deps: SendDeps,
  context: RequestContext,
  { body }: Pick<Input<'sendTelegramInteractive'>, 'body'>,
): Promise<Sent> {
  const key = requireKey(context);
  const open = await chooseChannel(deps.directory, key, body.channel_id);
  const { workspaceId, id: channelId } = open.record;
  const sender = await admitSend(deps, open, body);
  if (sender instanceof ApiError) {
    const earlier = await deps.idempotency.findSend(context, { workspaceId, channelId, body });
    if (earlier === null) throw sender;
    return replaySend(deps.kind, context, earlier);
  }

  const warnings = [...context.warnings, ...sender.warnings];
  const claim =
    context.idempotencyKey === null
      ? null
      : await deps.idempotency.claimSend(context, context.idempotencyKey, { workspaceId, channelId, body, warnings });
  if (claim?.kind === 'replay') return replaySend(deps.kind, context, claim.replay);

  const chatId = body.destination_user_id;
  const { wire, content } = deps.kind.encode(chatId, body.telegram_interactive_message);
  const intent: DeliveryIntent = {
    workspaceId,
    channelId,
    chatId,
    origin: 'api',
    requestId: context.requestId,
    keyId: key.id,
    senderId: sender.senderId,
    content,
    wire,
    epoch: deps.epoch,
    idempotency: claim?.name ?? null,
    replyRef: null,
  };
  const delivery = await deliverForCaller(deps, { intent, channel: open.channel });
  return sentAnswer(context.requestId, delivery, warnings);
}

/**
 * Chooses the sender, or returns the reason why this send is refused. The refusal is for new sends only: a repetition of an
 * earlier request gets the answer of that request, whatever happened to the channel since then.
 */
async function admitSend(
  { directory, erasures, readChat, kind, inboxKinds }: SendDeps,
  { record }: OpenChannel,
  body: SendInteractive,
): Promise<ChosenSender | ApiError> {
  try {
    assertCanSend(record, kind);
    const workspace = await directory.workspace(record.workspaceId);
    if (!workspace) throw new Error(`channel ${record.id} has no workspace`);
    if (workspace.record.state === 'disabled') throw new ApiError('FEATURE_DISABLED', { message: disabledWorkspace });
    const chatId = body.destination_user_id;
    const reserved = refuseTestChat(record, chatId);
    if (reserved !== null) return reserved;
    const erasedAtMs = await erasures.erasedAtMs(record.workspaceId, 'customer', chatId);
    // A customer who has written since the erasure has a chat again.
    if (erasedAtMs !== null && (await readChat(record.id, chatId)) === null)
      throw new ApiError('USER_NOT_FOUND', { message: erasedCustomer });
    return await chooseSender(inboxKinds, workspace, body);
  } catch (cause) {
    if (cause instanceof ApiError) return cause;
    throw cause;
  }
}

function replaySend(kind: ChannelKind, context: RequestContext, { message, requestId, warnings }: ReplayedSend): Sent {
  context.markReplayed();
  return sentAnswer(requestId, deliveryOf(kind, message), warnings);
}

/** The outcome of the delivery that made the message of an earlier request. */
function deliveryOf(kind: ChannelKind, message: MessageRecord): Delivery {
  const { messageId, channelMessageId } = message;
  if (message.state === 'sent' && channelMessageId !== null)
    return { kind: 'sent', messageId, channelMessageId, amended: [] };
  const failure = failureOf(kind, message);
  return message.state === 'failed' ? { kind: 'failed', messageId, failure } : { kind: 'unknown', messageId, failure };
}

const failureOf = ({ displayName }: ChannelKind, { failure }: MessageRecord): Failure =>
  failure === null
    ? { name: 'OUTCOME_UNKNOWN', reason: `${displayName} has not confirmed it` }
    : { ...failure, name: failure.name as Failure['name'] };
