import type { Problem, SendInteractive, Sent } from '@chatferry/contract';
import type { Failure } from '../../core/failure.ts';
import type { Delivery, DeliveryRequest } from '../../engine/deliver.ts';
import type { Directory } from '../../engine/directory.ts';
import { LaneFullError, LaneLeftError } from '../../engine/lane-gate.ts';
import type { ChannelKind } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IntentRow } from '../../store/intents.ts';
import { ApiError } from '../api-error.ts';
import { keyOf, type RequestContext } from '../context.ts';
import type { RateLimit } from '../rate-limit.ts';
import { chooseChannel } from './choose-channel.ts';
import { chooseSender } from './choose-sender.ts';

export interface SendDeps {
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly clock: Clock;
  readonly epoch: number;
  readonly rateLimit: RateLimit;
  /** How long a caller is kept waiting; the attempt goes on after it. */
  readonly callerWaitMs: number;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
}

/** Sends one interactive message: what the caller is told is what is durable. */
export function sendTelegramInteractive(deps: SendDeps) {
  return async (context: RequestContext, { body }: { readonly body: SendInteractive }): Promise<Sent> => {
    const key = keyOf(context);
    const open = await chooseChannel(deps.directory, key, body.channel_id);
    const workspace = await deps.directory.workspace(open.record.workspaceId);
    if (!workspace) throw new Error(`channel ${open.record.id} has no workspace`);
    const sender = await chooseSender(workspace, body);
    deps.rateLimit(key);

    const chatId = body.destination_user_id;
    const { wire, content } = deps.kind.encode(chatId, body.telegram_interactive_message);
    const intent: IntentRow = {
      workspaceId: open.record.workspaceId,
      channelId: open.record.id,
      chatId,
      origin: 'api',
      requestId: context.requestId,
      keyId: key.id,
      senderId: sender.senderId,
      content,
      wire,
      epoch: deps.epoch,
    };
    const delivery = await deliverWhileCallerWaits(deps, { intent, channel: open.channel, wire });
    return toSent(context, delivery, [...context.warnings, ...sender.warnings]);
  };
}

/** Answers when the delivery is settled or the caller has waited long enough; the delivery itself is never cut short. */
async function deliverWhileCallerWaits(
  { clock, callerWaitMs, deliver }: SendDeps,
  request: Omit<DeliveryRequest, 'deadlineMs' | 'signal' | 'onTaken'>,
): Promise<Delivery> {
  const deadlineMs = clock.monotonicMs() + callerWaitMs;
  const left = new AbortController();
  const settled = new AbortController();
  let messageId: number | null = null;
  const onTaken = (id: number) => {
    messageId = id;
  };
  const delivery = deliver({ ...request, deadlineMs, signal: left.signal, onTaken });
  const patience = clock.sleep(callerWaitMs, settled.signal).then((): Delivery | null => {
    if (settled.signal.aborted) return null;
    if (messageId === null) {
      left.abort();
      return null;
    }
    return {
      kind: 'unknown',
      messageId,
      failure: { name: 'OUTCOME_UNKNOWN', reason: 'Telegram has not answered yet' },
    };
  });
  try {
    return (await Promise.race([delivery, patience])) ?? (await delivery);
  } catch (cause) {
    throw refusalBeforeIntent(cause);
  } finally {
    settled.abort();
  }
}

/** Whatever fails before the intent is stored leaves nothing behind, so the caller may simply try again. */
function refusalBeforeIntent(cause: unknown): ApiError {
  if (cause instanceof LaneFullError) {
    return new ApiError('RATE_LIMITED', {
      message: `Too many requests: ${cause.message}; nothing was sent. Repeat this request after the seconds in the Retry-After header.`,
      retryAfterMs: 1_000,
      cause,
    });
  }
  return new ApiError('UNAVAILABLE', { retryAfterMs: cause instanceof LaneLeftError ? 1_000 : 5_000, cause });
}

function toSent({ requestId }: RequestContext, delivery: Delivery, warnings: readonly Problem[]): Sent {
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
      throw new ApiError('OUTCOME_UNKNOWN', { messageId: delivery.messageId });
    case 'failed':
      throw refusal(delivery.messageId, delivery.failure);
  }
}

function refusal(messageId: number, failure: Failure): ApiError {
  const { name, reason, providerCode, retryAfterMs } = failure;
  if (providerCode === undefined) return new ApiError(name, { messageId, retryAfterMs });
  return new ApiError(name, {
    messageId,
    retryAfterMs,
    details: [{ pointer: '', message: reason }],
    telegram: { error_code: providerCode, description: reason },
  });
}
