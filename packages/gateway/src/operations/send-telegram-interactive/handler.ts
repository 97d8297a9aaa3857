import type { Problem, SendInteractive, Sent } from '@chatferry/contract';
import type { Failure } from '../../core/failure.ts';
import { releasesKey } from '../../engine/claim-delivery.ts';
import { type Delivery, type DeliveryRequest, KeyTakenError } from '../../engine/deliver.ts';
import type { Directory } from '../../engine/directory.ts';
import { LaneFullError, LaneLeftError } from '../../engine/lane-gate.ts';
import type { ChannelKind } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Deadlines } from '../../ports/deadlines.ts';
import type { IntentRow } from '../../store/intents.ts';
import type { MessageRecord } from '../../store/messages.ts';
import { ApiError } from '../api-error.ts';
import { keyOf, type RequestContext } from '../context.ts';
import type { Idempotency } from '../idempotency.ts';
import type { RateLimit } from '../rate-limit.ts';
import { chooseChannel } from './choose-channel.ts';
import { chooseSender } from './choose-sender.ts';

export interface SendDeps {
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly epoch: number;
  readonly rateLimit: RateLimit;
  readonly idempotency: Pick<Idempotency, 'claimSend' | 'release'>;
  /** How long a caller is kept waiting; the attempt goes on after it. */
  readonly callerWaitMs: number;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
}

const disabledWorkspace =
  'This channel cannot send: its workspace is disabled. Ask the administrator to make the workspace active again.';

/** Sends one interactive message: what the caller is told is what is durable. */
export function sendTelegramInteractive(deps: SendDeps) {
  return async (context: RequestContext, { body }: { readonly body: SendInteractive }): Promise<Sent> => {
    const key = keyOf(context);
    const open = await chooseChannel(deps.directory, key, body.channel_id);
    const workspace = await deps.directory.workspace(open.record.workspaceId);
    if (!workspace) throw new Error(`channel ${open.record.id} has no workspace`);
    if (workspace.record.state === 'disabled') throw new ApiError('FEATURE_DISABLED', { message: disabledWorkspace });
    const sender = await chooseSender(workspace, body);
    deps.rateLimit(key);

    const warnings = [...context.warnings, ...sender.warnings];
    const { workspaceId, id: channelId } = open.record;
    const claim =
      context.idempotencyKey === null
        ? null
        : await deps.idempotency.claimSend(context, context.idempotencyKey, { workspaceId, channelId, body, warnings });
    if (claim?.kind === 'replay') {
      context.markReplayed();
      return toSent(claim.replay.requestId, deliveryOf(claim.replay.message), claim.replay.warnings);
    }

    const chatId = body.destination_user_id;
    const { wire, content } = deps.kind.encode(chatId, body.telegram_interactive_message);
    const intent: IntentRow = {
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
    const delivery = await deliverWhileCallerWaits(deps, { intent, channel: open.channel, wire });
    return toSent(context.requestId, delivery, warnings);
  };
}

/** Answers when the delivery is settled or the caller has waited long enough; the delivery itself is never cut short. */
async function deliverWhileCallerWaits(
  { clock, deadlines, callerWaitMs, deliver, idempotency }: SendDeps,
  request: Omit<DeliveryRequest, 'deadlineMs' | 'signal' | 'onTaken'>,
): Promise<Delivery> {
  const deadlineMs = clock.monotonicMs() + callerWaitMs;
  const left = new AbortController();
  let messageId: number | null = null;
  const onTaken = (id: number) => {
    messageId = id;
  };
  const delivery = deliver({ ...request, deadlineMs, signal: left.signal, onTaken }).then(
    (settledAs) => releaseUnlessKept(idempotency, request.intent, settledAs),
    async (cause: unknown) => {
      await releaseKeyOf(idempotency, request.intent);
      throw refusalBeforeIntent(cause);
    },
  );
  return new Promise((resolve, reject) => {
    const stopWaiting = deadlines.after(callerWaitMs, () => {
      if (messageId !== null) {
        const failure = { name: 'OUTCOME_UNKNOWN', reason: 'Telegram has not answered yet' } as const;
        resolve({ kind: 'unknown', messageId, failure });
        return;
      }
      // Nothing is on the wire, and an intent that becomes durable from here on is abandoned untried.
      left.abort(null);
      reject(new ApiError('UNAVAILABLE', { retryAfterMs: 1_000 }));
    });
    delivery.finally(stopWaiting).then(resolve, reject);
  });
}

/** A send that came to nothing gives its Idempotency-Key back, also when its caller has gone. */
function releaseUnlessKept(
  idempotency: SendDeps['idempotency'],
  intent: IntentRow,
  delivery: Delivery,
): Delivery | Promise<Delivery> {
  const isKept = delivery.kind !== 'shed' && !(delivery.kind === 'failed' && releasesKey(delivery.failure.name));
  return isKept ? delivery : releaseKeyOf(idempotency, intent).then(() => delivery);
}

async function releaseKeyOf(idempotency: SendDeps['idempotency'], intent: IntentRow): Promise<void> {
  if (intent.idempotency !== null) await idempotency.release(intent.idempotency, intent.requestId);
}

/** A message of an earlier request, as the delivery that made it. */
function deliveryOf(message: MessageRecord): Delivery {
  const { messageId, channelMessageId } = message;
  if (message.state === 'sent' && channelMessageId !== null) return { kind: 'sent', messageId, channelMessageId };
  const failure = failureOf(message);
  return message.state === 'failed' ? { kind: 'failed', messageId, failure } : { kind: 'unknown', messageId, failure };
}

const failureOf = ({ failure }: MessageRecord): Failure =>
  failure === null
    ? { name: 'OUTCOME_UNKNOWN', reason: 'Telegram has not confirmed it' }
    : { ...failure, name: failure.name as Failure['name'] };

/** Whatever fails before the intent is stored leaves nothing behind, so the caller may simply try again. */
function refusalBeforeIntent(cause: unknown): ApiError {
  if (cause instanceof LaneFullError) {
    return new ApiError('RATE_LIMITED', {
      message: `Too many requests: ${cause.message}; nothing was sent. Repeat this request after the seconds in the Retry-After header.`,
      retryAfterMs: 1_000,
      cause,
    });
  }
  if (cause instanceof KeyTakenError) return new ApiError('IDEMPOTENCY_CONFLICT', { retryAfterMs: 1_000, cause });
  return new ApiError('UNAVAILABLE', { retryAfterMs: cause instanceof LaneLeftError ? 1_000 : 5_000, cause });
}

function toSent(requestId: string, delivery: Delivery, warnings: readonly Problem[]): Sent {
  switch (delivery.kind) {
    case 'sent':
      return {
        request_id: requestId,
        message_id: delivery.messageId,
        channel_message_id: `tg-${delivery.channelMessageId}`,
        ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
      };
    case 'shed':
      throw new ApiError('RATE_LIMITED', { retryAfterMs: delivery.retryAfterMs });
    case 'unknown':
      throw new ApiError('OUTCOME_UNKNOWN', { messageId: delivery.messageId, requestId });
    case 'failed':
      throw refusal(requestId, delivery.messageId, delivery.failure);
  }
}

function refusal(requestId: string, messageId: number, failure: Failure): ApiError {
  const { name, reason, providerCode, retryAfterMs } = failure;
  if (providerCode === undefined) return new ApiError(name, { messageId, retryAfterMs, requestId });
  return new ApiError(name, {
    messageId,
    retryAfterMs,
    requestId,
    details: [{ pointer: '', message: reason }],
    telegram: { error_code: providerCode, description: reason },
  });
}
