import { readAmended } from '../../core/delivery/amendment.ts';
import type { AttachmentOutcome } from '../../ports/attachment.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { FailureRecord } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';
import { waitOf } from '../lanes/job.ts';
import { type ClaimStore, claimOnce, type EarlierDelivery, findOnce, releasesKey } from '../send/claim-delivery.ts';
import { deliverClaimed } from '../send/deliver-claimed.ts';
import { type Delivery, type DeliveryIntent, type DeliveryRequest, waitBeforeRetryMs } from '../send/delivery.ts';
import { type CarriedReply, isLastPiece, type PieceEnd, type ReplyEnd, type ReplyPiece } from './carried-reply.ts';
import type { HeldFile } from './reply-file.ts';
import { type ReportStore, reportOfDelivery, reportOfMessage, reportToAgent } from './report-to-agent.ts';
import { lostBy, omittedFile } from './tell-agent.ts';

export interface CarryPieceDeps {
  readonly store: ClaimStore & ReportStore & StoreSlice<{ readonly idempotency: 'storeAnswer' }>;
  readonly channelKind: ChannelKind;
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: number;
}

/** Fetches the file of a piece once. */
export type FetchFile = (url: string, piece: ReplyPiece) => Promise<HeldFile>;

const alreadyOnItsWay = {
  kind: 'later',
  wishMs: 2_500,
  exactly: true,
  detail: 'this reply is already on its way',
} as const;
/** The wait before a reply that met no limit is tried again. */
const unsentRetryMs = 1_000;
/** A reply that could not be sent for this long is reported to the agent instead. */
const replyAgeMaxMs = 3_600_000;
/** A file that could not be fetched for this long is left out, and the agent is told. */
export const fileWaitMaxMs = 60_000;

const ageMs = ({ clock }: Pick<CarryPieceDeps, 'clock'>, { receivedAtMs }: CarriedReply): number =>
  clock.nowMs() - receivedAtMs;

/** Sends one piece of a reply, at most once. `fileWaitsMs`: how long its file has been waited for. */
export async function carryPiece(
  deps: CarryPieceDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  fetchFile: FetchFile,
  fileWaitsMs: number,
): Promise<PieceEnd> {
  const file = deps.channelKind.attachmentOf(piece.wire);
  if (file === null) return claimAndDeliver(deps, carried, piece, null);
  const requestId = deps.random.uuid();
  const earlier = await findOnce(deps.store, onceKeyOf(deps, carried, piece, requestId));
  if (earlier !== null) return settleEarlier(deps, carried, piece, earlier);
  const held = await fetchFile(file.url, piece);
  try {
    const outcome = outcomeInTime(held.outcome, fileWaitsMs);
    if (outcome === null) return { kind: 'waits', detail: detailOf(held.outcome) };
    return await claimAndDeliver(deps, carried, piece, outcome);
  } finally {
    held.release();
  }
}

const detailOf = (outcome: AttachmentOutcome): string => ('detail' in outcome ? outcome.detail : '');

/** Null while it is worth another try. */
function outcomeInTime(outcome: AttachmentOutcome, waitsMs: number): AttachmentOutcome | null {
  if (outcome.kind !== 'unavailable') return outcome;
  if (waitsMs < fileWaitMaxMs) return null;
  return { kind: 'refused', detail: `it could not be had for a minute (${outcome.detail})` };
}

const onceKeyOf = ({ epoch }: CarryPieceDeps, { key }: CarriedReply, { name }: ReplyPiece, requestId: string) => ({
  name,
  workspaceId: key.workspaceId,
  channelId: key.channelId,
  requestId,
  epoch,
});

async function claimAndDeliver(
  deps: CarryPieceDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  file: AttachmentOutcome | null,
): Promise<PieceEnd> {
  const { open } = carried;
  const requestId = deps.random.uuid();
  const claimed = await claimOnce(deps.store, onceKeyOf(deps, carried, piece, requestId));
  if (claimed.kind !== 'claimed') return settleEarlier(deps, carried, piece, claimed);
  // Checked after the claim: a reply that was sent before the channel broke has arrived.
  if (open.record.state !== 'active') {
    const reason = `the ${deps.channelKind.displayName} channel is ${open.record.state}; ask an administrator to check it`;
    return ended(await refuse(deps, carried, piece, requestId, reason));
  }
  return deliverPiece(deps, carried, piece, {
    intent: intentOf(deps, carried, piece, requestId),
    channel: open.channel,
    deadlineMs: null,
    ...(file === null ? {} : { fetchAttachment: async () => file }),
  });
}

const ended = (end: ReplyEnd): PieceEnd => ({ kind: 'ended', end });

const intentOf = (
  { epoch }: CarryPieceDeps,
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

/** What an earlier try of this piece led to. */
async function settleEarlier(
  deps: CarryPieceDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  earlier: EarlierDelivery,
): Promise<PieceEnd> {
  switch (earlier.kind) {
    case 'delivered-before':
      return settleMessage(deps, carried, piece, earlier.message);
    case 'refused':
      return ended(await reportToAgent(deps.store, carried, piece, { kind: 'failed', reason: earlier.reason }));
    case 'in-progress':
    case 'mismatch':
      return ended(alreadyOnItsWay);
  }
}

async function settleMessage(
  deps: CarryPieceDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  message: MessageRecord,
): Promise<PieceEnd> {
  const { store, channelKind } = deps;
  if (message.state === 'sent') {
    const amended = message.attempts.flatMap(({ detail }) => readAmended(detail) ?? []);
    return sentPiece(deps, carried, piece, amended);
  }
  const omission = message.state === 'failed' ? omissionOf(deps, piece, message.failure) : null;
  if (omission !== null) return omission;
  return ended(await reportToAgent(store, carried, piece, reportOfMessage(channelKind, message)));
}

const sentPiece = (
  { channelKind }: CarryPieceDeps,
  { key }: CarriedReply,
  { wire }: ReplyPiece,
  amended: Parameters<typeof lostBy>[2],
): PieceEnd => ({ kind: 'sent', omitted: lostBy(channelKind, wire, amended, channelKind.isGroup(key.chatId)) });

/** The failure of a piece that is only a file, if the file is the reason, as far as can be known. Null for other failures. */
function omissionOf(
  { channelKind }: CarryPieceDeps,
  { wire }: ReplyPiece,
  failure: FailureRecord | null,
): PieceEnd | null {
  const { providerCode } = failure ?? {};
  const mayBeFile = providerCode === undefined || providerCode === 400 || providerCode === 413;
  if (failure?.name !== 'TELEGRAM_REJECTED' || !mayBeFile || channelKind.attachmentOf(wire) === null) return null;
  return { kind: 'omitted', omission: omittedFile(channelKind, wire, failure) };
}

async function deliverPiece(
  deps: CarryPieceDeps,
  carried: CarriedReply,
  piece: ReplyPiece,
  request: DeliveryRequest,
): Promise<PieceEnd> {
  const { deliver, store } = deps;
  let isTooOld = false;
  const keepsKey = () => {
    isTooOld = ageMs(deps, carried) >= replyAgeMaxMs;
    return isTooOld;
  };
  const delivery = await deliverClaimed({ deliver, releaseKey: store.idempotency.release }, request, keepsKey);
  const retryOrRefuse = async (wishMs: number | null, detail: string): Promise<PieceEnd> => {
    if (!isTooOld) return ended(waitOf(wishMs, detail));
    const reason = `it could not be sent for an hour (${detail}); please send it again`;
    return ended(await refuse(deps, carried, piece, request.intent.requestId, reason));
  };
  const report = async (failed: Parameters<typeof reportOfDelivery>[1]): Promise<PieceEnd> =>
    ended(await reportToAgent(store, carried, piece, reportOfDelivery(deps.channelKind, failed)));
  // A reply that may have been sent keeps its key, whatever fails from here on: it must not be sent again.
  switch (delivery.kind) {
    case 'sent':
      return sentPiece(deps, carried, piece, delivery.amended);
    case 'unknown':
      return report(delivery);
    case 'failed': {
      const { name, reason, retryAfterMs = null } = delivery.failure;
      if (releasesKey(name)) return retryOrRefuse(retryAfterMs, reason);
      return omissionOf(deps, piece, delivery.failure) ?? report(delivery);
    }
    case 'not-sent':
      // Another process took this reply over while this one was stopped.
      if (delivery.because === 'key-taken') return ended(alreadyOnItsWay);
      return retryOrRefuse(waitBeforeRetryMs(delivery, unsentRetryMs), delivery.detail);
  }
}

/**
 * Ends a reply that was not sent. The refusal is stored under the key of the delivery before the agent is told: no process
 * may send a reply afterwards that was reported as failed.
 */
async function refuse(
  { store }: CarryPieceDeps,
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
