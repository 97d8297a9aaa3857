import type { Clock, Random } from '../../ports/clock.ts';
import type { JobBoard } from '../../ports/job-board.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ClaimedLane, Job, JobKind } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { JobEnd, JobHandler, JobWait } from './job.ts';
import { backoffMs } from './job-backoff.ts';
import type { LeaseClock } from './lease-clock.ts';
import { type PoisonJobs, poisonAfter } from './poison-jobs.ts';
import { reasonToGiveUp } from './suspect-jobs.ts';
import type { InboxSight, OutageWatch } from './watch-outages.ts';

export interface RunLaneDeps {
  readonly store: StoreSlice<{ readonly lanes: 'renewLease' | 'finish'; readonly deadLetters: 'record' }>;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly poisonJobs: PoisonJobs;
  readonly outages: Omit<OutageWatch, 'recordAnswer'>;
  readonly leases: LeaseClock;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
  readonly jobBoard: JobBoard;
  /** Called after a job was given up and waits for a person. */
  readonly onDead: () => void;
}

/** Longer than any single call to an inbox takes. Renewed between jobs, and by jobs that carry files. */
export const leaseMs = 60_000;
export const renewAfterMs = 15_000;
/** The wait before a lane without jobs is claimed again. Without it the worker would claim it without a pause. */
const emptyLaneMs = 100;

/**
 * Does the claimed jobs of a lane in order, until one must wait, one was watched, or the lane is lost. `claimedAtMs` is the monotonic time before
 * the claim. Rejects if the store fails.
 */
export async function runLane(deps: RunLaneDeps, lane: ClaimedLane, claimedAtMs: number): Promise<void> {
  const { store, clock, leases } = deps;
  leases.recordGrant(lane, claimedAtMs);
  const givenUp = reasonToGiveUp(lane);
  if (givenUp !== null) return giveUpFirst(deps, lane, givenUp);
  // Its jobs were erased, or they were stored after the claim had begun to read: they are read at the next claim.
  if (lane.jobs.length === 0) return void (await store.lanes.finish(lane, { doneSeq: null, delayMs: emptyLaneMs }));
  let renewedAtMs = claimedAtMs;
  let doneSeq: number | null = null;
  for (const job of lane.jobs) {
    if (clock.monotonicMs() - renewedAtMs > renewAfterMs) {
      const askedAtMs = clock.monotonicMs();
      if (!(await store.lanes.renewLease(lane, leaseMs))) return;
      renewedAtMs = askedAtMs;
      leases.recordGrant(lane, askedAtMs);
    }
    const before = deps.outages.look(lane.workspaceId);
    const end = await runJob(deps, lane, job);
    if (end.kind === 'later') {
      await deferJob(deps, lane, job, blameOutage(end, before), doneSeq);
      if (end.unanswered) deps.outages.recordUnanswered(lane.workspaceId, before);
      if (end.waitsFor === 'inbox-answer') deps.outages.recordDown(lane.workspaceId, before);
      return;
    }
    if (end.kind === 'reordered') {
      await store.lanes.finish(lane, { doneSeq, delayMs: null });
      return;
    }
    if (end.kind === 'dead' && !(await moveToDeadLetters(deps, lane, job, end.detail))) return;
    doneSeq = job.seq;
    if (job.seq <= lane.watchedTo) break;
  }
  await store.lanes.finish(lane, { doneSeq, delayMs: null });
}

/** A call that began while the inbox was down failed because of that, whatever the job is. */
const blameOutage = (end: JobWait & Lone, { isDown }: InboxSight): JobWait & Lone =>
  end.unanswered === true && isDown ? { ...end, waitsFor: 'inbox-answer' } : end;

/** `isLone`: since the job's last failure the inbox accepted nothing else. So the inbox is to blame, and not the job. */
interface Lone {
  readonly isLone?: boolean;
}

/** The longest wait of the back-off as long as only the inbox can be to blame: it may answer again at any time. */
const loneStepMaxMs = 60_000;

/** A little longer than asked for, so that lanes do not come back together. */
const exactWaitMs = (wishMs: number, uniform: number): number => Math.round(wishMs * (1 + 0.2 * uniform));

function recordWrite({ poisonJobs, outages }: RunLaneDeps, workspaceId: string): void {
  poisonJobs.recordWrite(workspaceId);
  outages.recordWrite(workspaceId);
}

/** Sets the first job aside without starting it. */
async function giveUpFirst(deps: RunLaneDeps, lane: ClaimedLane, detail: string): Promise<void> {
  const [job] = lane.jobs;
  if (job !== undefined && !(await moveToDeadLetters(deps, lane, job, detail))) return;
  await deps.store.lanes.finish(lane, { doneSeq: job?.seq ?? null, delayMs: null });
}

/** Gives the lane back until the job may be tried again. */
async function deferJob(
  { store, random, log }: RunLaneDeps,
  lane: ClaimedLane,
  { seq, kind }: Job,
  end: JobWait & Lone,
  doneSeq: number | null,
): Promise<void> {
  const before = doneSeq === null ? lane.failures : 0;
  const isFailure = end.exactly !== true;
  const failures = before + (isFailure ? 1 : 0);
  const delayMs = isFailure
    ? backoffMs(kind, failures, random.uniform(), {
        wishMs: end.wishMs,
        ...(end.isLone && { stepMaxMs: loneStepMaxMs }),
      })
    : exactWaitMs(end.wishMs ?? 0, random.uniform());
  log.warn('job.deferred', { lane: lane.key, seq, kind, failures, delayMs, detail: end.detail });
  await store.lanes.finish(lane, { doneSeq, delayMs, isFailure, waitsFor: end.waitsFor ?? null });
}

/** False if another process has the lane now. */
async function moveToDeadLetters(
  { store, log, onDead }: RunLaneDeps,
  lane: ClaimedLane,
  job: Job,
  detail: string,
): Promise<boolean> {
  log.error('job.dead', { lane: lane.key, seq: job.seq, kind: job.kind, detail });
  if (!(await store.deadLetters.record(lane, job, detail))) return false;
  onDead();
  return true;
}

async function runJob(deps: RunLaneDeps, lane: ClaimedLane, job: Job): Promise<JobEnd & Lone> {
  const end = await tryJob(deps, lane, job);
  if (end.kind !== 'later') deps.poisonJobs.forget(lane, job);
  return end;
}

/** Never rejects: what the handler throws counts against the job. */
async function tryJob(deps: RunLaneDeps, lane: ClaimedLane, job: Job): Promise<JobEnd & Lone> {
  const { handlers, poisonJobs, jobBoard, log } = deps;
  const leave = jobBoard.post(`${lane.key} ${job.seq} ${job.kind}`);
  try {
    const end = await handlers[job.kind](lane, job);
    if (end.kind === 'done' && end.wrote === true) recordWrite(deps, lane.workspaceId);
    if (end.kind !== 'later' || end.unanswered !== true) return end;
    const count = poisonJobs.countUnanswered(lane, job);
    if (count < poisonAfter) return { ...end, isLone: count === 0 };
    const detail = `the inbox did not accept it ${count} times, and accepted others: ${end.detail}`;
    return { kind: 'dead', detail };
  } catch (cause) {
    log.error('job.crashed', { err: cause, lane: lane.key, seq: job.seq, kind: job.kind });
    const detail = cause instanceof Error ? cause.message : String(cause);
    const count = poisonJobs.countCrash(lane, job);
    if (count < poisonAfter) return { kind: 'later', wishMs: null, detail };
    return { kind: 'dead', detail: `failed ${count} times: ${detail}` };
  } finally {
    leave();
  }
}
