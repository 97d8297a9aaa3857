import { nameOfAuthor, prepareReply } from '../../core/inbox/prepare-reply.ts';
import type { Activity, ReplyChat } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import { type ConversationKey, topicOf } from '../../store/conversations.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { RenewLeaseWhile } from '../lanes/renew-lease-while.ts';
import type { Slots } from '../lanes/slots.ts';
import { type ClaimStore, claimOnce, releasesKey } from '../send/claim-delivery.ts';
import { deliverClaimed } from '../send/deliver-claimed.ts';
import { type Delivery, type DeliveryIntent, type DeliveryRequest, waitBeforeRetryMs } from '../send/delivery.ts';
import { addNote } from './add-note.ts';
import { type CarriedReply, isLastPiece, type ReplyEnd, type ReplyPiece } from './carried-reply.ts';
import { type ReportStore, reportOfDelivery, reportOfMessage, reportToAgent } from './report-to-agent.ts';

export type CarryStore = ClaimStore &
  ReportStore &
  StoreSlice<{
    readonly replyPlans: 'store';
    readonly idempotency: 'storeAnswer';
  }>;

export interface CarryDeps {
  readonly store: CarryStore;
  readonly channelKind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly renewLeaseWhile: RenewLeaseWhile;
  /** Limits how many files of replies are in memory at once. */
  readonly replyFileSlots: Slots;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: number;
}

/** How many files of replies are in memory at once. */
export const replyFilesAtOnce = 4;

const alreadyOnItsWay = { kind: 'later', wishMs: 2_500, detail: 'this reply is already on its way' } as const;
/** The wait before a reply that met no limit is tried again. */
const unsentRetryMs = 1_000;
/** A reply that could not be sent for this long is reported to the agent instead. */
const replyAgeMaxMs = 3_600_000;

/** Sends a reply to the customer, one message after the other. The first one that does not arrive ends it, and is reported. */
export async function carryReply(deps: CarryDeps, carried: CarriedReply): Promise<ReplyEnd> {
  const { open, key, reply } = carried;
  const prepared = prepareReply(reply, open.record.options, await nameForCustomer(carried));
  const fresh = { pieces: deps.channelKind.encodeReply(chatOf(key), prepared.reply), remark: prepared.remark };
  if (fresh.pieces.length === 0) return { kind: 'done', ignored: 'nothing to say' };
  const { pieces, remark } = await deps.store.replyPlans.store(key.workspaceId, reply.entryId, fresh);
  for (const [index, piece] of pieces.entries()) {
    const name = keyNameOf(carried, index);
    const end = await carryPiece(deps, carried, { ...piece, name, index, count: pieces.length });
    if (end !== 'sent') return end;
  }
  return remark === null ? { kind: 'done' } : addNote(carried.workspace.inbox, reply, remark);
}

async function nameForCustomer({ workspace, open, reply }: CarriedReply): Promise<string | null> {
  if (open.record.options.agent_name === 'off' || reply.author.kind === 'bot') return null;
  return nameOfAuthor(reply.author, reply.author.name === null ? await workspace.teammates() : null);
}

const chatOf = (key: ConversationKey): ReplyChat => ({ chatId: key.chatId, topicId: topicOf(key) });

/** The inbox's id of the reply makes the key, so that repeated events about one reply share it. */
const keyNameOf = ({ key, reply }: CarriedReply, index: number): KeyName => ({
  scope: key.workspaceId,
  route: 'relay',
  key: `${reply.entryId}#${index}`,
});

async function carryPiece(deps: CarryDeps, carried: CarriedReply, piece: ReplyPiece): Promise<ReplyEnd | 'sent'> {
  const { store, random, epoch } = deps;
  const { key, open } = carried;
  const requestId = random.uuid();
  const { workspaceId, channelId } = key;
  const claimed = await claimOnce(store, { name: piece.name, workspaceId, channelId, requestId, epoch });
  switch (claimed.kind) {
    case 'delivered-before':
      if (claimed.message.state === 'sent') return 'sent';
      return reportToAgent(store, carried, piece, reportOfMessage(deps.channelKind, claimed.message));
    case 'refused':
      return reportToAgent(store, carried, piece, { kind: 'failed', reason: claimed.reason });
    case 'in-progress':
    case 'mismatch':
      return alreadyOnItsWay;
    case 'claimed': {
      // Checked after the claim: a reply that was sent before the channel broke has arrived.
      if (open.record.state !== 'active') {
        const reason = `the ${deps.channelKind.displayName} channel is ${open.record.state}; ask an administrator to check it`;
        return refuse(deps, carried, piece, requestId, reason);
      }
      const request = { intent: intentOf(deps, carried, piece, requestId), channel: open.channel, deadlineMs: null };
      return piece.activity === null
        ? deliverPiece(deps, carried, piece, request)
        : deliverFile(deps, carried, piece, piece.activity, request);
    }
  }
}

const intentOf = (
  { epoch }: CarryDeps,
  { key, reply }: CarriedReply,
  piece: ReplyPiece,
  requestId: string,
): DeliveryIntent => ({
  workspaceId: key.workspaceId,
  channelId: key.channelId,
  chatId: key.chatId,
  origin: 'agent',
  requestId,
  keyId: null,
  senderId: reply.author.id,
  content: piece.content,
  wire: piece.wire,
  epoch,
  idempotency: piece.name,
  replyRef: isLastPiece(piece) ? { conversationId: reply.conversationId, entryId: reply.entryId } : null,
});

/** Fetching and uploading may take longer than a lease, and the file is in memory until then. */
function deliverFile(
  deps: CarryDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  activity: Activity,
  request: DeliveryRequest,
): Promise<ReplyEnd | 'sent'> {
  const { open, key, workspace, lane } = carried;
  const send = () => {
    // The delivery does not wait for it, and a failure does no harm.
    if (open.record.options.typing === 'on') void open.channel.showActivity(chatOf(key), activity);
    return deliverPiece(deps, carried, piece, { ...request, fetchAttachment: workspace.inbox.fetchAttachment });
  };
  return deps.renewLeaseWhile(lane, () => deps.replyFileSlots.run(send));
}

async function deliverPiece(
  deps: CarryDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  request: DeliveryRequest,
): Promise<ReplyEnd | 'sent'> {
  const { deliver, store, clock } = deps;
  let isTooOld = false;
  const keepsKey = () => {
    isTooOld = clock.nowMs() - carried.receivedAtMs >= replyAgeMaxMs;
    return isTooOld;
  };
  const delivery = await deliverClaimed({ deliver, releaseKey: store.idempotency.release }, request, keepsKey);
  const retryOrRefuse = (wishMs: number | null, detail: string): ReplyEnd | Promise<ReplyEnd> => {
    if (!isTooOld) return { kind: 'later', wishMs, detail };
    const reason = `it could not be sent for an hour (${detail}); please send it again`;
    return refuse(deps, carried, piece, request.intent.requestId, reason);
  };
  // A reply that may have been sent keeps its key, whatever fails from here on: it must not be sent again.
  switch (delivery.kind) {
    case 'sent':
      return 'sent';
    case 'unknown':
      return reportToAgent(store, carried, piece, reportOfDelivery(deps.channelKind, delivery));
    case 'failed': {
      const { name, reason, retryAfterMs = null } = delivery.failure;
      if (releasesKey(name)) return retryOrRefuse(retryAfterMs, reason);
      return reportToAgent(store, carried, piece, reportOfDelivery(deps.channelKind, delivery));
    }
    case 'not-sent':
      // Another process took this reply over while this one was stopped.
      if (delivery.because === 'key-taken') return alreadyOnItsWay;
      return retryOrRefuse(waitBeforeRetryMs(delivery, unsentRetryMs), delivery.detail);
  }
}

/**
 * Ends a reply that was not sent. The refusal is stored under the key of the delivery before the agent is told: no process
 * may send a reply afterwards that was reported as failed.
 */
async function refuse(
  { store }: CarryDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  requestId: string,
  reason: string,
): Promise<ReplyEnd> {
  let isOurs: boolean;
  try {
    isOurs = await store.idempotency.storeAnswer(piece.name, requestId, Buffer.from(reason));
  } catch (cause) {
    // The agent was not told yet. The next try decides again.
    await store.idempotency.release(piece.name, requestId);
    throw cause;
  }
  if (!isOurs) return alreadyOnItsWay;
  return reportToAgent(store, carried, piece, { kind: 'failed', reason });
}
