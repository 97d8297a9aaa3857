import type { AgentReply } from '../../core/inbox/inbox-event.ts';
import type { Omission } from '../../core/inbox/omission.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { ReplyPlan } from '../../store/reply-plans.ts';
import type { StoreSlice } from '../../store/store.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import type { RenewLeaseWhile } from '../lanes/renew-lease-while.ts';
import { retryLater } from '../lanes/retry-later.ts';
import { addNote } from './add-note.ts';
import type { CarriedReply, PieceEnd, ReplyEnd } from './carried-reply.ts';
import { type CarryPieceDeps, carryPiece, type FetchFile } from './carry-piece.ts';
import { chatOf, type PlanDeps, planReply } from './plan-reply.ts';
import { fetchReplyFile, type HeldFile } from './reply-file.ts';
import { reportToAgent } from './report-to-agent.ts';
import { listOf, noteText } from './tell-agent.ts';

export type CarryStore = CarryPieceDeps['store'] & PlanDeps['store'] & StoreSlice<{ readonly replyPlans: 'queueRest' }>;

export interface CarryDeps extends CarryPieceDeps {
  readonly store: CarryStore;
  readonly renewLeaseWhile: RenewLeaseWhile;
  /** Limits the files of replies that are in memory at once. */
  readonly replyFileBudget: Pick<FileBudget, 'tryTake'>;
}

/** How large the files of replies are together that are in memory at once, and those of one workspace. */
export const replyFileLimits = { totalBytes: 200 * 1024 * 1024, ownerBytes: 100 * 1024 * 1024, ownerMax: 64 };

/** The words of a reply, and the replies behind it, wait so long for a file. A file that takes longer follows. */
const soonMs = 2_000;
/** How long one try to fetch a file may take that nothing waits for. */
const fetchLimitMs = 20_000;
/** The wait before such a file is tried again. */
const fetchAgainMs = 3_000;

/** Where the sending of a reply's pieces continues. */
export interface RestOfReply {
  /** The index of the first piece that is not dealt with. */
  readonly from: number;
  /** Whether the customer got any of the earlier pieces. */
  readonly isPartSent: boolean;
  /** Since when its files are waited for. */
  readonly sinceMs: number;
}

/**
 * Sends a reply to the customer, one message after the other, the words first. The first words that do not arrive end it, and
 * are reported. A file that is not at hand follows in a lane of its own, and one that cannot be had is left out: the agent is
 * told of all that was.
 */
export async function carryReply(deps: CarryDeps, carried: CarriedReply, reply: AgentReply): Promise<ReplyEnd> {
  const held = new Map<string, HeldFile>();
  const fetchSoon = async (url: string): Promise<HeldFile> => {
    const file = held.get(url) ?? (await fetchFile(deps, carried, url, soonMs));
    held.set(url, file);
    return file;
  };
  try {
    const plan = await planReply(deps, carried, reply, fetchSoon);
    const start = { from: 0, isPartSent: false, sinceMs: deps.clock.nowMs() };
    return await carryPieces(deps, carried, plan, start, {
      fetch: (url) => fetchSoon(url),
      whenFileWaits: async (rest) => {
        await deps.store.replyPlans.queueRest(carried, rest);
        return { kind: 'done' };
      },
    });
  } finally {
    for (const { release } of held.values()) release();
  }
}

/** Continues with the files of a reply. Nothing waits for them. */
export async function carryRest(deps: CarryDeps, carried: CarriedReply, rest: RestOfReply): Promise<ReplyEnd> {
  const plan = await deps.store.replyPlans.read(carried.key.workspaceId, carried.reply.entryId);
  if (plan === null) return { kind: 'done', ignored: 'its plan was erased' };
  return carryPieces(deps, carried, plan, rest, {
    fetch: (url) => fetchFile(deps, carried, url, fetchLimitMs),
    whenFileWaits: async (_rest, detail) => ({ kind: 'later', wishMs: fetchAgainMs, exactly: true, detail }),
  });
}

const fetchFile = (
  deps: CarryDeps,
  { workspace, key }: CarriedReply,
  url: string,
  limitMs: number,
): Promise<HeldFile> =>
  fetchReplyFile(
    workspace.inbox.fetchAttachment,
    { budget: deps.replyFileBudget, owner: key.workspaceId },
    { url, limitMs },
  );

interface FileManners {
  readonly fetch: (url: string) => Promise<HeldFile>;
  readonly whenFileWaits: (rest: RestOfReply, detail: string) => Promise<ReplyEnd>;
}

async function carryPieces(
  deps: CarryDeps,
  carried: CarriedReply,
  plan: ReplyPlan,
  start: RestOfReply,
  manners: FileManners,
): Promise<ReplyEnd> {
  const { pieces } = plan;
  const omitted: Omission[] = start.from === 0 ? [...(plan.omitted ?? [])] : [];
  const remark = start.from === 0 ? plan.remark : null;
  const { sinceMs } = start;
  const waitsMs = deps.clock.nowMs() - sinceMs;
  let isPartSent = start.isPartSent;
  let isLastSent = false;
  const fetchAndShow: FetchFile = (url, { activity }) => {
    // The delivery does not wait for it, and a failure does no harm.
    if (activity !== null && carried.open.record.options.typing === 'on')
      void carried.open.channel.showActivity(chatOf(carried.key), activity);
    return manners.fetch(url);
  };
  for (const [index, piece] of pieces.entries()) {
    if (index < start.from) continue;
    const name = keyNameOf(carried, index);
    const sent = () =>
      carryPiece(deps, carried, { ...piece, name, index, count: pieces.length }, fetchAndShow, waitsMs);
    // A file may take longer than a lease.
    const end = await (piece.activity === null ? sent() : deps.renewLeaseWhile(carried.lane, sent));
    isLastSent = end.kind === 'sent';
    if (end.kind === 'sent') {
      isPartSent = true;
      omitted.push(...end.omitted);
    } else if (end.kind === 'omitted') omitted.push(end.omission);
    else return stop(carried, { end, remark, omitted, rest: { from: index, isPartSent, sinceMs } }, manners);
  }
  if (isPartSent) return tellOfOmissions(carried, { remark, omitted, isLastSent });
  if (omitted.length === 0) return { kind: 'done', ignored: 'nothing to say' };
  // No part of it went out.
  return reportToAgent(deps.store, carried, { index: 0, count: 1 }, { kind: 'failed', reason: listOf(omitted) });
}

/** The inbox's id of the reply makes the key, so that repeated events about one reply share it. */
const keyNameOf = ({ key, reply }: CarriedReply, index: number): KeyName => ({
  scope: key.workspaceId,
  route: 'relay',
  key: `${reply.entryId}#${index}`,
});

interface Stopped {
  readonly end: Extract<PieceEnd, { readonly kind: 'waits' | 'ended' }>;
  readonly remark: string | null;
  readonly omitted: readonly Omission[];
  readonly rest: RestOfReply;
}

/** Ends the work of now before the last piece. What was omitted before is told now if it will not be found again. */
async function stop(
  carried: CarriedReply,
  { end, remark, omitted, rest }: Stopped,
  manners: FileManners,
): Promise<ReplyEnd> {
  const after = end.kind === 'waits' ? await manners.whenFileWaits(rest, end.detail) : end.end;
  if (after.kind !== 'done') return after;
  const text = noteText(remark, omitted);
  return text === null ? after : addNote(carried.workspace.inbox, carried.reply, text);
}

async function tellOfOmissions(
  { workspace, open, reply }: CarriedReply,
  told: { readonly remark: string | null; readonly omitted: readonly Omission[]; readonly isLastSent: boolean },
): Promise<ReplyEnd> {
  // The report of the delivery follows the last piece, unless that one was omitted.
  if (!told.isLastSent) {
    const reported = await workspace.inbox.reportDelivery(reply, { kind: 'delivered' }, inboxChannelOf(open.record));
    if (reported.kind === 'deferred' || reported.kind === 'broken' || reported.kind === 'uncertain')
      return retryLater(reported);
  }
  const text = noteText(told.remark, told.omitted);
  return text === null ? { kind: 'done' } : addNote(workspace.inbox, reply, text);
}
