import { createHash } from 'node:crypto';
import type { AgentReply } from '../core/inbox-event.ts';
import { nameOfAuthor, prepareReply } from '../core/prepare-reply.ts';
import { sayFailure } from '../core/say-failure.ts';
import type { Activity, ChannelKind, EncodedReply, ReplyChat } from '../ports/channel.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { DeliveryReport } from '../ports/inbox.ts';
import type { ConversationKey } from '../store/conversations.ts';
import type { KeyName } from '../store/idempotency.ts';
import type { ClaimedLane } from '../store/lanes.ts';
import type { MessageRecord } from '../store/messages.ts';
import type { ReplyPlan } from '../store/reply-plans.ts';
import { type ClaimStore, claimDelivery, releasesKey } from './claim-delivery.ts';
import type { Delivery, DeliveryRequest } from './deliver.ts';
import type { OpenChannel, OpenWorkspace } from './directory.ts';
import type { HoldLane } from './hold-lane.ts';
import type { JobEnd } from './job.ts';
import { LaneFullError } from './lane-gate.ts';
import { putOff } from './put-off.ts';
import { createSlots } from './slots.ts';
import { writeRemark } from './write-remark.ts';

export interface CarryStore extends ClaimStore {
  keepReplyPlan(workspaceId: string, entryId: string, plan: ReplyPlan): Promise<ReplyPlan>;
  markReported(workspaceId: string, entryId: string): Promise<void>;
  releaseKey(name: KeyName, requestId: string): Promise<void>;
}

export interface CarryDeps {
  readonly store: CarryStore;
  readonly channelKind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly holdLane: HoldLane;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: number;
}

/** How long a reply that is already on its way is left alone. */
const onItsWayMs = 2_500;
/** A reply that could not be handed over for this long is reported to the agent instead. */
const replyAgeMaxMs = 3_600_000;
/** How many files are in memory at once. */
const filesAtOnce = 4;

/** A reply, and where it goes. */
export interface Scene {
  readonly workspace: OpenWorkspace;
  readonly open: OpenChannel;
  readonly key: ConversationKey;
  readonly reply: AgentReply;
  /** The lane in which it is carried. */
  readonly lane: ClaimedLane;
  readonly receivedAtMs: number;
}

/** What a reply, or another event, came to: the worker's end, and why nothing came of it where nothing did. */
export type ReplyEnd = Exclude<JobEnd, { kind: 'done' }> | { readonly kind: 'done'; readonly ignored?: string };

/** One of the messages that a reply becomes. */
interface Piece extends EncodedReply {
  readonly name: KeyName;
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/** Carries a reply to the customer, a message after the other; the first that does not arrive ends it, and is reported. */
export function createCarrier(deps: CarryDeps): (scene: Scene) => Promise<ReplyEnd> {
  const { store, channelKind, deliver, holdLane, clock, random, epoch } = deps;
  const slots = createSlots(filesAtOnce);
  return carry;

  async function carry(scene: Scene): Promise<ReplyEnd> {
    const { open, key, reply } = scene;
    if (open.record.state !== 'active') {
      return report(scene, {
        kind: 'failed',
        reason: `the Telegram channel is ${open.record.state}; ask an administrator to check it`,
      });
    }
    const prepared = prepareReply(reply, open.record.options, await authorNameOf(scene));
    const fresh = { pieces: channelKind.encodeReply(chatOf(key), prepared.reply), remark: prepared.remark };
    if (fresh.pieces.length === 0) return { kind: 'done', ignored: 'nothing to say' };
    const { pieces, remark } = await store.keepReplyPlan(key.workspaceId, reply.entryId, fresh);
    for (const [index, piece] of pieces.entries()) {
      const end = await carryPiece(scene, { ...piece, name: nameOf(scene, index), index, count: pieces.length });
      if (end !== 'sent') return end;
    }
    return remark === null ? { kind: 'done' } : writeRemark(scene, remark);
  }

  async function authorNameOf({ workspace, open, reply }: Scene): Promise<string | null> {
    if (open.record.options.agent_name === 'off' || reply.author.kind === 'bot') return null;
    return nameOfAuthor(reply.author, reply.author.name === null ? await workspace.teammates() : null);
  }

  async function carryPiece(scene: Scene, piece: Piece): Promise<ReplyEnd | 'sent'> {
    const { key, reply, open } = scene;
    const requestId = random.uuid();
    const { workspaceId, channelId, chatId } = key;
    const fingerprint = createHash('sha256').update(piece.name.key).digest();
    const claim = { name: piece.name, workspaceId, fingerprint, requestId, epoch, warnings: [] };
    const claimed = await claimDelivery(store, claim, { workspaceId, channelId });
    switch (claimed.kind) {
      case 'settled':
        return settled(scene, piece, claimed.message);
      case 'in-progress':
      case 'mismatch':
        return { kind: 'later', wishMs: onItsWayMs, detail: 'this reply is already on its way' };
      case 'claimed': {
        const intent = {
          workspaceId,
          channelId,
          chatId,
          origin: 'agent',
          requestId,
          keyId: null,
          senderId: reply.author.id,
          content: piece.content,
          wire: piece.wire,
          epoch,
          idempotency: piece.name,
          replyRef: isLast(piece) ? { conversationId: reply.conversationId, entryId: reply.entryId } : null,
        } as const;
        const request = { intent, channel: open.channel, wire: piece.wire, deadlineMs: null };
        return piece.activity === null
          ? deliverPiece(scene, piece, request)
          : deliverFile(scene, piece, piece.activity, request);
      }
    }
  }

  /** Fetching and uploading may take longer than a lease, and a file is in memory meanwhile. */
  function deliverFile(
    scene: Scene,
    piece: Piece,
    activity: Activity,
    request: DeliveryRequest,
  ): Promise<ReplyEnd | 'sent'> {
    const { open, key, workspace, lane } = scene;
    const send = () => {
      // Nobody waits for it, and it does no harm when it fails.
      if (open.record.options.typing === 'on') void open.channel.showActivity(chatOf(key), activity);
      return deliverPiece(scene, piece, { ...request, fetchAttachment: workspace.inbox.fetchAttachment });
    };
    return holdLane(lane, () => slots.run(send));
  }

  async function deliverPiece(scene: Scene, piece: Piece, request: DeliveryRequest): Promise<ReplyEnd | 'sent'> {
    const giveBack = () => store.releaseKey(piece.name, request.intent.requestId);
    try {
      const delivery = await deliver(request);
      if (delivery.kind === 'shed') {
        await giveBack();
        return later(scene, delivery.retryAfterMs, delivery.reason);
      }
      if (delivery.kind === 'failed' && releasesKey(delivery.failure.name)) {
        await giveBack();
        return later(scene, delivery.failure.retryAfterMs ?? null, delivery.failure.reason);
      }
      if (delivery.kind === 'sent') return 'sent';
      return report(scene, within(piece, reportOf(delivery)));
    } catch (cause) {
      await giveBack();
      if (cause instanceof LaneFullError) return later(scene, 1_000, cause.message);
      throw cause;
    }
  }

  /** What an earlier try of this very reply came to. */
  function settled(
    scene: Scene,
    piece: Piece,
    message: Pick<MessageRecord, 'state' | 'failure'>,
  ): Promise<ReplyEnd> | 'sent' {
    if (message.state === 'sent') return 'sent';
    const reason = sayFailure(message.failure ?? { name: 'OUTCOME_UNKNOWN', reason: '' });
    return report(scene, within(piece, { kind: message.state === 'failed' ? 'failed' : 'unknown', reason }));
  }

  async function later(scene: Scene, wishMs: number | null, detail: string): Promise<ReplyEnd> {
    if (clock.nowMs() - scene.receivedAtMs < replyAgeMaxMs) return { kind: 'later', wishMs, detail };
    return report(scene, {
      kind: 'failed',
      reason: `it could not be sent for an hour (${detail}); please send it again`,
    });
  }

  /** An agent whose reply did not reach the customer must see it where the agent works. */
  async function report({ workspace, open, reply }: Scene, outcome: DeliveryReport): Promise<ReplyEnd> {
    const { bot, inboxRef } = open.record;
    const channel = { botId: bot.botId, username: bot.username, name: bot.name, ref: inboxRef };
    const reported = await workspace.inbox.reportDelivery(channel, reply, outcome);
    switch (reported.kind) {
      case 'ok':
      case 'gone':
        await store.markReported(workspace.record.id, reply.entryId);
        return { kind: 'done' };
      case 'rejected':
        await store.markReported(workspace.record.id, reply.entryId);
        return { kind: 'dead', detail: `the inbox did not take the report: ${reported.detail}` };
      case 'deferred':
      case 'broken':
      case 'uncertain':
        return putOff(reported);
    }
  }
}

const chatOf = ({ chatId, topicId }: ConversationKey): ReplyChat => ({
  chatId,
  topicId: topicId === '0' ? null : topicId,
});

/** The inbox is told of the delivery with the last one: then all have arrived. */
const isLast = ({ index, count }: Piece): boolean => index === count - 1;

const nameOf = ({ key, reply }: Scene, index: number): KeyName => ({
  scope: key.workspaceId,
  route: 'relay',
  key: `${reply.entryId}#${index}`,
});

const reportOf = (
  delivery: Extract<Delivery, { kind: 'failed' | 'unknown' }>,
): Exclude<DeliveryReport, { kind: 'delivered' }> =>
  delivery.kind === 'failed'
    ? { kind: 'failed', reason: sayFailure(delivery.failure) }
    : { kind: 'unknown', reason: sayFailure(delivery.failure) };

/** Of a reply that went as several messages, the agent must know which one it was. */
function within(piece: Piece, report: Exclude<DeliveryReport, { kind: 'delivered' }>): DeliveryReport {
  if (piece.count === 1) return report;
  const rest = isLast(piece) ? '' : '; what follows it was not sent';
  return { ...report, reason: `${report.reason} (part ${piece.index + 1} of ${piece.count}${rest})` };
}
