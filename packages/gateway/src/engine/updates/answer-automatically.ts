import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AutomaticAnswer } from '../../core/inbox/automatic-answer.ts';
import type { Chat } from '../../core/message/inbound.ts';
import { plain } from '../../core/message/rich-text.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import type { JobEnd, JobHandler } from '../lanes/job.ts';
import { LaneFullError } from '../send/chat-queue.ts';
import { type ClaimStore, claimDelivery, releasesKey } from '../send/claim-delivery.ts';
import { type Delivery, type DeliveryRequest, KeyTakenError } from '../send/deliver.ts';

export type AutomaticStore = ClaimStore & StoreSlice<{ readonly automaticAnswers: 'wasSentWithin' }>;

const payloadSchema = z.object({
  channelId: z.string(),
  chatId: z.string(),
  topicId: z.string().nullable(),
  /** What is answered: a second answer to it is never sent. */
  cause: z.string(),
  kind: z.enum(['welcome', 'out-of-office', 'large-file']),
  text: z.string(),
  everyMinutes: z.number().nullable(),
  decidedAtMs: z.number(),
});
type Payload = z.output<typeof payloadSchema>;

/** The job that answers something that came in: what is said is decided with the update, and does not change while it waits. */
export const automaticJob = (
  answer: AutomaticAnswer,
  about: {
    readonly channelId: string;
    readonly chat: Pick<Chat, 'chatId' | 'topicId'>;
    readonly cause: string;
    readonly nowMs: number;
  },
): Payload => ({
  channelId: about.channelId,
  chatId: about.chat.chatId,
  topicId: about.chat.topicId,
  cause: about.cause,
  kind: answer.kind,
  text: answer.text,
  everyMinutes: answer.everyMinutes,
  decidedAtMs: about.nowMs,
});

/** Tries end when an answer would come too late to be one. */
const ageMaxMs = 15 * 60_000;
const retryMs = 2_500;

/**
 * Sends the gateway's own answers (a welcome, an out-of-office text): at most once a cause, by the claim that also makes
 * relayed replies unique. What was sent is written into the inbox like every other send, by the default sender.
 */
export function answerAutomatically(deps: {
  readonly store: AutomaticStore;
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
  readonly epoch: number;
}): JobHandler {
  const { store, directory, kind, clock, random, log, epoch } = deps;

  return async (_lane, job): Promise<JobEnd> => {
    const asked = payloadSchema.parse(job.payload);
    const { channelId, chatId, everyMinutes } = asked;
    const open = await directory.channel(channelId);
    if (open?.record.state !== 'active' || clock.nowMs() - asked.decidedAtMs > ageMaxMs) return { kind: 'done' };
    const isRepetition =
      everyMinutes !== null &&
      (await store.automaticAnswers.wasSentWithin({ channelId, chatId, kind: asked.kind, minutes: everyMinutes }));
    return isRepetition ? { kind: 'done' } : answer(open, asked);
  };

  async function answer(open: OpenChannel, asked: Payload): Promise<JobEnd> {
    const { workspaceId } = open.record;
    const name = { scope: asked.channelId, route: 'automatic', key: asked.cause };
    const fingerprint = createHash('sha256').update(name.key).digest();
    const requestId = random.uuid();
    const claim = { name, workspaceId, fingerprint, requestId, epoch, warnings: [] };
    const claimed = await claimDelivery(store, claim, { workspaceId, channelId: asked.channelId });
    if (claimed.kind === 'settled') return { kind: 'done' };
    if (claimed.kind !== 'claimed') return { kind: 'later', wishMs: retryMs, detail: 'this answer is on its way' };
    const request = requestOf(open, asked, { requestId, name });
    if (request === null) return { kind: 'done' };
    try {
      const delivery = await deps.deliver(request);
      if (delivery.kind === 'shed' || (delivery.kind === 'failed' && releasesKey(delivery.failure.name))) {
        await store.idempotency.release(name, requestId);
        return laterOf(delivery);
      }
      if (delivery.kind !== 'sent') {
        log.warn('automatic.unsent', { channelId: asked.channelId, kind: asked.kind, reason: delivery.failure.reason });
      }
      return { kind: 'done' };
    } catch (cause) {
      await store.idempotency.release(name, requestId);
      if (cause instanceof KeyTakenError) return { kind: 'later', wishMs: retryMs, detail: cause.message };
      if (cause instanceof LaneFullError) return { kind: 'later', wishMs: retryMs, detail: cause.message };
      throw cause;
    }
  }

  function requestOf(
    open: OpenChannel,
    { channelId, chatId, topicId, kind: automatic, text }: Payload,
    { requestId, name }: { readonly requestId: string; readonly name: KeyName },
  ): DeliveryRequest | null {
    const [piece] = kind.encodeReply({ chatId, topicId }, { body: plain(text), attachments: [], quickReplies: [] });
    if (!piece) return null;
    const { workspaceId } = open.record;
    const intent = {
      workspaceId,
      channelId,
      chatId,
      origin: 'automatic',
      requestId,
      keyId: null,
      senderId: null,
      content: { ...piece.content, automatic },
      wire: piece.wire,
      epoch,
      idempotency: name,
      replyRef: null,
    } as const;
    return { intent, channel: open.channel, wire: piece.wire, deadlineMs: null };
  }
}

const laterOf = (delivery: Extract<Delivery, { kind: 'shed' | 'failed' }>): JobEnd =>
  delivery.kind === 'shed'
    ? { kind: 'later', wishMs: delivery.retryAfterMs, detail: delivery.reason }
    : { kind: 'later', wishMs: delivery.failure.retryAfterMs ?? null, detail: delivery.failure.reason };
