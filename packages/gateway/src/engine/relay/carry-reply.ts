import { createHash } from 'node:crypto';
import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import { nameOfAuthor, prepareReply } from '../../core/inbox/prepare-reply.ts';
import type { Activity, EncodedReply, ReplyChat } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { DeliveryReport } from '../../ports/inbox.ts';
import { type ConversationKey, topicOf } from '../../store/conversations.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import type { JobEnd } from '../lanes/job.ts';
import type { HoldLane } from '../lanes/renew-lease.ts';
import { putOff } from '../lanes/retry-later.ts';
import { createSlots } from '../lanes/slots.ts';
import { LaneFullError } from '../send/chat-queue.ts';
import { type ClaimStore, claimDelivery, releasesKey } from '../send/claim-delivery.ts';
import { ChannelClosedError, type Delivery, type DeliveryRequest, KeyTakenError } from '../send/deliver.ts';
import { addNote } from './add-note.ts';

export type CarryStore = ClaimStore &
  StoreSlice<{
    readonly replyPlans: 'store';
    readonly idempotency: 'storeAnswer';
    readonly reconciliation: 'markReported';
  }>;

export interface CarryDeps {
  readonly store: CarryStore;
  readonly channelKind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly holdLane: HoldLane;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: number;
}

/** A reply that is already on its way is left alone for so long. */
const onItsWay = { kind: 'later', wishMs: 2_500, detail: 'this reply is already on its way' } as const;
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
    const prepared = prepareReply(reply, open.record.options, await authorNameOf(scene));
    const fresh = { pieces: channelKind.encodeReply(chatOf(key), prepared.reply), remark: prepared.remark };
    if (fresh.pieces.length === 0) return { kind: 'done', ignored: 'nothing to say' };
    const { pieces, remark } = await store.replyPlans.store(key.workspaceId, reply.entryId, fresh);
    for (const [index, piece] of pieces.entries()) {
      const end = await carryPiece(scene, { ...piece, name: nameOf(scene, index), index, count: pieces.length });
      if (end !== 'sent') return end;
    }
    return remark === null ? { kind: 'done' } : addNote(scene.workspace.inbox, scene.reply, remark);
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
      case 'refused':
        return report(scene, within(piece, { kind: 'failed', reason: claimed.reason }));
      case 'in-progress':
      case 'mismatch':
        return onItsWay;
      case 'claimed': {
        // Not before: a reply that came before, and was sent then, has arrived whatever became of the channel since.
        if (open.record.state !== 'active') {
          const reason = `the ${channelKind.displayName} channel is ${open.record.state}; ask an administrator to check it`;
          return refuse(scene, piece, requestId, reason);
        }
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
    const { requestId } = request.intent;
    let delivery: Delivery;
    try {
      delivery = await deliver(request);
    } catch (cause) {
      if (cause instanceof LaneFullError || cause instanceof ChannelClosedError) {
        return later(scene, piece, requestId, 1_000, cause.message);
      }
      await store.idempotency.release(piece.name, requestId);
      // Another process took this reply over while this one was stopped.
      if (cause instanceof KeyTakenError) return onItsWay;
      throw cause;
    }
    // From here on the key stays, whatever fails: a reply whose end is known must not be sent afresh.
    if (delivery.kind === 'sent') return 'sent';
    if (delivery.kind === 'shed') return later(scene, piece, requestId, delivery.retryAfterMs, delivery.reason);
    const { failure } = delivery;
    if (delivery.kind === 'failed' && releasesKey(failure.name)) {
      return later(scene, piece, requestId, failure.retryAfterMs ?? null, failure.reason);
    }
    return report(scene, within(piece, reportOf(channelKind, delivery)));
  }

  /** What an earlier try of this very reply came to. */
  function settled(
    scene: Scene,
    piece: Piece,
    message: Pick<MessageRecord, 'state' | 'failure'>,
  ): Promise<ReplyEnd> | 'sent' {
    if (message.state === 'sent') return 'sent';
    const reason = channelKind.explainFailure(message.failure ?? { name: 'OUTCOME_UNKNOWN', reason: '' });
    return report(scene, within(piece, { kind: message.state === 'failed' ? 'failed' : 'unknown', reason }));
  }

  /** Gives the key back for another try, unless there were tries enough: then the reply ends here. */
  async function later(
    scene: Scene,
    piece: Piece,
    requestId: string,
    wishMs: number | null,
    detail: string,
  ): Promise<ReplyEnd> {
    if (clock.nowMs() - scene.receivedAtMs >= replyAgeMaxMs) {
      return refuse(scene, piece, requestId, `it could not be sent for an hour (${detail}); please send it again`);
    }
    await store.idempotency.release(piece.name, requestId);
    return { kind: 'later', wishMs, detail };
  }

  /**
   * Ends a reply that was not sent. Durable before its agent is told, by the key that it would be sent with: what was reported
   * as failed must not be sent afterwards, by nobody.
   */
  async function refuse(scene: Scene, piece: Piece, requestId: string, reason: string): Promise<ReplyEnd> {
    let isOurs: boolean;
    try {
      isOurs = await store.idempotency.storeAnswer(piece.name, requestId, Buffer.from(reason));
    } catch (cause) {
      // Nobody was told yet: the next try decides afresh.
      await store.idempotency.release(piece.name, requestId);
      throw cause;
    }
    if (!isOurs) return onItsWay;
    return report(scene, within(piece, { kind: 'failed', reason }));
  }

  /** An agent whose reply did not reach the customer must see it where the agent works. */
  async function report({ workspace, open, reply }: Scene, outcome: DeliveryReport): Promise<ReplyEnd> {
    const reported = await workspace.inbox.reportDelivery(reply, outcome, inboxChannelOf(open.record));
    switch (reported.kind) {
      case 'ok':
      case 'gone':
        await store.reconciliation.markReported(workspace.record.id, reply.entryId);
        return { kind: 'done' };
      case 'rejected':
        await store.reconciliation.markReported(workspace.record.id, reply.entryId);
        return { kind: 'dead', detail: `the inbox did not take the report: ${reported.detail}` };
      case 'deferred':
      case 'broken':
      case 'uncertain':
        return putOff(reported);
    }
  }
}

const chatOf = (key: ConversationKey): ReplyChat => ({ chatId: key.chatId, topicId: topicOf(key) });

/** The inbox is told of the delivery with the last one: then all have arrived. */
const isLast = ({ index, count }: Piece): boolean => index === count - 1;

const nameOf = ({ key, reply }: Scene, index: number): KeyName => ({
  scope: key.workspaceId,
  route: 'relay',
  key: `${reply.entryId}#${index}`,
});

const reportOf = (
  channelKind: ChannelKind,
  delivery: Extract<Delivery, { kind: 'failed' | 'unknown' }>,
): Exclude<DeliveryReport, { kind: 'delivered' }> =>
  delivery.kind === 'failed'
    ? { kind: 'failed', reason: channelKind.explainFailure(delivery.failure) }
    : { kind: 'unknown', reason: channelKind.explainFailure(delivery.failure) };

/** Of a reply that went as several messages, the agent must know which one it was. */
function within(piece: Piece, report: Exclude<DeliveryReport, { kind: 'delivered' }>): DeliveryReport {
  if (piece.count === 1) return report;
  const rest = isLast(piece) ? '' : '; what follows it was not sent';
  return { ...report, reason: `${report.reason} (part ${piece.index + 1} of ${piece.count}${rest})` };
}
