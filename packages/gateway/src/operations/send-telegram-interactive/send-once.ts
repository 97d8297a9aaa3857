import type { Problem } from '@chatferry/contract';
import type { Failure } from '../../core/delivery/failure.ts';
import type { Directory, OpenChannel, OpenWorkspace } from '../../engine/directory/directory.ts';
import type { Erasures } from '../../engine/directory/erasures.ts';
import type { Delivery, DeliveryIntent } from '../../engine/send/delivery.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { Store } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { type CallerDeps, deliverForCaller } from '../deliver-for-caller.ts';
import type { Idempotency, ReplayedSend } from '../idempotency.ts';
import { refuseTestChat } from '../test-mode/refuse-test-chat.ts';
import { assertCanSend, chooseChannel } from './choose-channel.ts';
import type { ChosenSender } from './choose-sender.ts';

export interface SendDeps extends CallerDeps {
  readonly directory: Directory;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  /** Stores a message that is sent later. Null if the Idempotency-Key belongs to another request now. */
  readonly schedule: Store['schedules']['record'];
  readonly readChat: (channelId: string, chatId: string) => Promise<unknown>;
  readonly kind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly epoch: number;
  readonly idempotency: Pick<Idempotency, 'claimSend' | 'findSend' | 'release'>;
}

/** One send of a caller, whatever its operation. */
export interface AskedSend {
  /** Names the operation: the same Idempotency-Key names another send there. */
  readonly route: string;
  /** The parsed body, which a repetition with the same key must have too. */
  readonly body: unknown;
  readonly channelId: string | undefined;
  readonly chatId: string;
  /** When it is sent. Absent: now. */
  readonly sendAt?: Date | undefined;
  /** Throws what refuses a new send at this moment, and no repetition of an earlier one: that its time is past. */
  readonly assertTimely?: (() => void) | undefined;
  readonly chooseSender: (workspace: OpenWorkspace) => Promise<ChosenSender>;
  /** Finds and fetches everything that the message needs, before anything is stored or sent. Throws what the caller gets. */
  readonly prepare: (open: OpenChannel) => Promise<PreparedSend> | PreparedSend;
}

/** It is stored, and sent later. */
interface ScheduledSend {
  readonly kind: 'scheduled';
  readonly messageId: number;
}

export interface PreparedSend extends Pick<DeliveryIntent, 'content' | 'wire' | 'metadata' | 'skipsInbox'> {
  readonly fetchAttachment?: FetchAttachment | undefined;
  /** Called when the delivery ended, or the caller stopped waiting. */
  readonly release?: (() => void) | undefined;
}

/** How a send ended, or how the earlier one with the same key did. */
export interface EndedSend {
  readonly requestId: string;
  readonly delivery: Delivery | ScheduledSend;
  readonly warnings: readonly Problem[];
  readonly scope: { readonly workspaceId: string; readonly channelId: string };
}

const erasedCustomer =
  'This customer was erased on request and has not written since. You can write to them once they write to the bot.';
const disabledWorkspace =
  'This channel cannot send: its workspace is disabled. Ask the administrator to make the workspace active again.';

/** The one way of a caller's message: it is admitted, claimed, prepared and delivered. What ended is durable. */
export async function sendOnce(deps: SendDeps, context: RequestContext, asked: AskedSend): Promise<EndedSend> {
  const key = requireKey(context);
  const open = await chooseChannel(deps.directory, key, asked.channelId);
  const { workspaceId, id: channelId } = open.record;
  const { route, body, chatId } = asked;
  const scope = { workspaceId, channelId };
  const sender = await admitSend(deps, open, asked);
  if (sender instanceof ApiError) {
    const earlier = await deps.idempotency.findSend(context, { route, ...scope, body });
    if (earlier === null) throw sender;
    return replaySend(deps.kind, context, scope, earlier);
  }

  const warnings = [...context.warnings, ...sender.warnings];
  const { idempotencyKey } = context;
  const claim =
    idempotencyKey === null
      ? null
      : await deps.idempotency.claimSend(context, idempotencyKey, { route, ...scope, body, warnings });
  if (claim?.kind === 'replay') return replaySend(deps.kind, context, scope, claim.replay);

  const name = claim?.name ?? null;
  const { fetchAttachment, release, ...prepared } = await prepareClaimed(deps, context, asked, open, name);
  const intent: DeliveryIntent = {
    workspaceId,
    channelId,
    chatId,
    origin: 'api',
    requestId: context.requestId,
    keyId: key.id,
    senderId: sender.senderId,
    ...prepared,
    epoch: deps.epoch,
    idempotency: name,
    replyRef: null,
  };
  try {
    if (asked.sendAt !== undefined) {
      const delivery = await scheduleClaimed(deps, intent, asked.sendAt);
      return { requestId: context.requestId, delivery, warnings, scope };
    }
    const delivery = await deliverForCaller(deps, { intent, channel: open.channel, fetchAttachment });
    return { requestId: context.requestId, delivery, warnings, scope };
  } finally {
    release?.();
  }
}

/** If the message cannot be stored, the key can be used again. */
async function scheduleClaimed(
  { schedule, idempotency }: SendDeps,
  { epoch: _, replyRef: __, ...intent }: DeliveryIntent,
  sendAt: Date,
): Promise<ScheduledSend> {
  const { idempotency: name, requestId } = intent;
  try {
    const messageId = await schedule({ ...intent, sendAt });
    if (messageId === null) throw new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000 });
    return { kind: 'scheduled', messageId };
  } catch (cause) {
    if (name !== null) await idempotency.release(name, requestId);
    throw cause;
  }
}

/** If the message cannot be prepared, nothing was sent: the key can be used again. */
async function prepareClaimed(
  { idempotency }: SendDeps,
  { requestId }: RequestContext,
  { prepare }: AskedSend,
  open: OpenChannel,
  name: DeliveryIntent['idempotency'],
): Promise<PreparedSend> {
  try {
    return await prepare(open);
  } catch (cause) {
    if (name !== null) await idempotency.release(name, requestId);
    throw cause;
  }
}

/**
 * Chooses the sender, or returns the reason why this send is refused. The refusal is for new sends only: a repetition of an
 * earlier request gets the answer of that request, whatever happened to the channel since then.
 */
async function admitSend(
  { directory, erasures, readChat, kind }: SendDeps,
  { record }: OpenChannel,
  { chatId, chooseSender, assertTimely }: AskedSend,
): Promise<ChosenSender | ApiError> {
  try {
    assertTimely?.();
    assertCanSend(record, kind);
    const workspace = await directory.workspace(record.workspaceId);
    if (!workspace) throw new Error(`channel ${record.id} has no workspace`);
    if (workspace.record.state === 'disabled') throw new ApiError('FEATURE_DISABLED', { message: disabledWorkspace });
    const reserved = refuseTestChat(record, chatId);
    if (reserved !== null) return reserved;
    const erasedAtMs = await erasures.erasedAtMs(record.workspaceId, 'customer', chatId);
    // A customer who has written since the erasure has a chat again.
    if (erasedAtMs !== null && (await readChat(record.id, chatId)) === null)
      throw new ApiError('USER_NOT_FOUND', { message: erasedCustomer });
    return await chooseSender(workspace);
  } catch (cause) {
    if (cause instanceof ApiError) return cause;
    throw cause;
  }
}

function replaySend(
  kind: ChannelKind,
  context: RequestContext,
  scope: EndedSend['scope'],
  { message, requestId, warnings }: ReplayedSend,
): EndedSend {
  context.markReplayed();
  return { requestId, delivery: deliveryOf(kind, message), warnings, scope };
}

/** The outcome of the delivery that made the message of an earlier request. A scheduled one ended when it was stored. */
function deliveryOf(kind: ChannelKind, message: MessageRecord): Delivery | ScheduledSend {
  const { messageId, channelMessageId } = message;
  if (message.sendAt !== null) return { kind: 'scheduled', messageId };
  if (message.state === 'sent' && channelMessageId !== null)
    return { kind: 'sent', messageId, channelMessageId, amended: [] };
  const failure = failureOf(kind, message);
  return message.state === 'failed' ? { kind: 'failed', messageId, failure } : { kind: 'unknown', messageId, failure };
}

const failureOf = ({ displayName }: ChannelKind, { failure }: MessageRecord): Failure =>
  failure === null
    ? { name: 'OUTCOME_UNKNOWN', reason: `${displayName} has not confirmed it` }
    : { ...failure, name: failure.name as Failure['name'] };
