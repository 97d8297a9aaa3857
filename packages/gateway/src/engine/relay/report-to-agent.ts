import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { DeliveryReport } from '../../ports/inbox.ts';
import type { MessageRecord } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import { retryLater } from '../lanes/retry-later.ts';
import type { Delivery } from '../send/delivery.ts';
import { type CarriedReply, isLastPiece, type ReplyEnd, type ReplyPiece } from './carried-reply.ts';

export type ReportStore = StoreSlice<{ readonly reconciliation: 'markReported' }>;

type Undelivered = Exclude<DeliveryReport, { readonly kind: 'delivered' }>;

/** Tells the agent, in the inbox, that a piece of the reply did not reach the customer. */
export async function reportToAgent(
  store: ReportStore,
  { workspace, open, reply }: CarriedReply,
  piece: Pick<ReplyPiece, 'index' | 'count'>,
  report: Undelivered,
): Promise<ReplyEnd> {
  const reported = await workspace.inbox.reportDelivery(reply, withPart(piece, report), inboxChannelOf(open.record));
  switch (reported.kind) {
    case 'ok':
    case 'gone':
      await store.reconciliation.markReported(workspace.record.id, reply.entryId);
      return { kind: 'done' };
    case 'rejected':
      await store.reconciliation.markReported(workspace.record.id, reply.entryId);
      return { kind: 'dead', detail: `the inbox refused the report: ${reported.detail}` };
    case 'deferred':
    case 'broken':
    case 'uncertain':
      return retryLater(reported);
  }
}

type ExplainFailure = Pick<ChannelKind, 'explainFailure'>;

export const reportOfDelivery = (
  { explainFailure }: ExplainFailure,
  { kind, failure }: Extract<Delivery, { readonly kind: 'failed' | 'unknown' }>,
): Undelivered => ({ kind, reason: explainFailure(failure) });

/** The report about the message of an earlier try that was not sent, or is not known to be. */
export const reportOfMessage = (
  { explainFailure }: ExplainFailure,
  { state, failure }: Pick<MessageRecord, 'state' | 'failure'>,
): Undelivered => ({
  kind: state === 'failed' ? 'failed' : 'unknown',
  reason: explainFailure(failure ?? { name: 'OUTCOME_UNKNOWN', reason: '' }),
});

/** If a reply became several messages, the agent must know which one it was. */
function withPart(piece: Pick<ReplyPiece, 'index' | 'count'>, report: Undelivered): Undelivered {
  if (piece.count === 1) return report;
  const rest = isLastPiece(piece) ? '' : '; what follows it was not sent';
  return { ...report, reason: `${report.reason} (part ${piece.index + 1} of ${piece.count}${rest})` };
}
