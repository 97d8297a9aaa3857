import { plain } from '../../core/message/rich-text.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel } from '../directory/directory.ts';
import { type JobEnd, waitOf } from '../lanes/job.ts';
import { type ClaimStore, claimOnce, releasesKey } from '../send/claim-delivery.ts';
import { deliverClaimed } from '../send/deliver-claimed.ts';
import { type Delivery, type DeliveryRequest, waitBeforeRetryMs } from '../send/delivery.ts';
import { type AutomaticJob, automaticJobSchema } from './automatic-job.ts';

export type AutomaticStore = ClaimStore & StoreSlice<{ readonly automaticAnswers: 'wasSentWithin' }>;

export interface AnswerDeps {
  readonly store: AutomaticStore;
  readonly directory: Directory;
  readonly kind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
  readonly epoch: number;
}

/** After this time the answer would come too late to be one. */
const ageMaxMs = 15 * 60_000;
const retryMs = 2_500;

/**
 * Sends the gateway's own answers (a welcome, an out-of-office text), at most once per cause: the claim is the one that also
 * makes relayed replies unique. A sent answer is written into the inbox like every other send, with the default sender.
 */
export async function answerAutomatically(deps: AnswerDeps, _lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { store, directory, clock } = deps;
  const answer = automaticJobSchema.parse(job.payload);
  const { channelId, chatId, kind, everyMinutes } = answer;
  const open = await directory.channel(channelId);
  if (open?.record.state !== 'active' || clock.nowMs() - answer.decidedAtMs > ageMaxMs) return { kind: 'done' };
  const isRepetition =
    everyMinutes !== null &&
    (await store.automaticAnswers.wasSentWithin({ channelId, chatId, kind, minutes: everyMinutes }));
  return isRepetition ? { kind: 'done' } : sendAnswer(deps, open, answer);
}

async function sendAnswer(deps: AnswerDeps, open: OpenChannel, answer: AutomaticJob): Promise<JobEnd> {
  const { store, deliver, random, epoch } = deps;
  const { channelId, cause } = answer;
  const name = { scope: channelId, route: 'automatic', key: cause };
  const requestId = random.uuid();
  const { workspaceId } = open.record;
  const claimed = await claimOnce(store, { name, workspaceId, channelId, requestId, epoch });
  if (claimed.kind === 'delivered-before') return { kind: 'done' };
  if (claimed.kind !== 'claimed') return waitOf(retryMs, 'this answer is on its way');
  const request = requestOf(deps, open, answer, { requestId, name });
  if (request === null) return { kind: 'done' };
  return endJob(deps, answer, await deliverClaimed({ deliver, releaseKey: store.idempotency.release }, request));
}

function endJob({ log }: AnswerDeps, { channelId, kind }: AutomaticJob, delivery: Delivery): JobEnd {
  switch (delivery.kind) {
    case 'sent':
      return { kind: 'done' };
    case 'not-sent':
      return waitOf(waitBeforeRetryMs(delivery, retryMs), delivery.detail);
    case 'failed':
      if (releasesKey(delivery.failure.name)) {
        return waitOf(delivery.failure.retryAfterMs ?? null, delivery.failure.reason);
      }
      break;
    case 'unknown':
  }
  log.warn('automatic.unsent', { channelId, kind, reason: delivery.failure.reason });
  return { kind: 'done' };
}

/** Null if the channel makes no message of the text. */
function requestOf(
  { kind, epoch }: AnswerDeps,
  open: OpenChannel,
  { channelId, chatId, topicId, kind: automatic, text }: AutomaticJob,
  { requestId, name }: { readonly requestId: string; readonly name: KeyName },
): DeliveryRequest | null {
  const [piece] = kind.encodeReply({ chatId, topicId }, { body: plain(text), attachments: [], quickReplies: [] });
  if (!piece) return null;
  const intent = {
    workspaceId: open.record.workspaceId,
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
  return { intent, channel: open.channel, deadlineMs: null };
}
