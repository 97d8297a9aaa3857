import { backoffMs } from '../../core/delivery/backoff.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { ClaimedLane, Job, JobKind } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { JobEnd, JobHandler } from './job.ts';
import type { LeaseClock } from './lease-clock.ts';
import { createStrikes, strikesMax } from './poison-jobs.ts';

export type LaneStore = StoreSlice<{
  readonly lanes: 'claim' | 'release' | 'renewLease' | 'finish' | 'nextDueInMs';
  readonly deadLetters: 'record';
}>;

export interface Worker {
  /** There may be work now. A hint: the poll is the truth. */
  wake(): void;
  /** Runs until `signal` is aborted and the lanes in hand are finished; rejects when the store fails. */
  run(signal: AbortSignal): Promise<void>;
}

const jobsMax = 10;
/** Longer than any one call to an inbox takes; renewed between jobs, and by jobs that carry files. */
export const leaseMs = 60_000;
export const renewAfterMs = 15_000;
/** The poll: work that another process queued is seen this late at most. */
const pollMs = 500;

export function createWorker(deps: {
  readonly store: LaneStore;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
  readonly lanesMax: number;
  readonly leases: LeaseClock;
  /** A job was given up and waits for a person. */
  readonly onDead?: () => void;
}): Worker {
  const { store, handlers, clock, random, log, lanesMax, leases, onDead = () => undefined } = deps;
  let nap = new AbortController();
  let woken = false;
  const inHand = new Set<Promise<void>>();
  const strikes = createStrikes();

  const wake = () => {
    woken = true;
    // With a reason of its own the abort makes no exception: this runs for every send.
    nap.abort(null);
  };

  async function runLane(lane: ClaimedLane, claimedMs: number): Promise<void> {
    leases.began(lane, claimedMs);
    let renewedMs = claimedMs;
    let doneSeq: number | null = null;
    for (const job of lane.jobs) {
      if (clock.monotonicMs() - renewedMs > renewAfterMs) {
        const askedMs = clock.monotonicMs();
        if (!(await store.lanes.renewLease(lane, leaseMs))) return;
        renewedMs = askedMs;
        leases.began(lane, askedMs);
      }
      const end = await runJob(lane, job);
      if (end.kind === 'later') {
        const failures = doneSeq === null ? lane.failures + 1 : 1;
        const delayMs = end.exactly
          ? backoffMs(1, random.uniform(), end.wishMs)
          : backoffMs(failures, random.uniform(), end.wishMs);
        log.warn('job.deferred', {
          lane: lane.key,
          seq: job.seq,
          kind: job.kind,
          failures,
          delayMs,
          detail: end.detail,
        });
        await store.lanes.finish(lane, { doneSeq, delayMs });
        return;
      }
      if (end.kind === 'reordered') {
        await store.lanes.finish(lane, { doneSeq, delayMs: null });
        return;
      }
      if (end.kind === 'dead') {
        log.error('job.dead', { lane: lane.key, seq: job.seq, kind: job.kind, detail: end.detail });
        if (!(await store.deadLetters.record(lane, job, end.detail))) return;
        onDead();
      }
      doneSeq = job.seq;
    }
    await store.lanes.finish(lane, { doneSeq, delayMs: null });
  }

  async function runJob(lane: ClaimedLane, job: Job): Promise<JobEnd> {
    const end = await tryJob(lane, job);
    if (end.kind !== 'later') strikes.forget(lane, job);
    return end;
  }

  async function tryJob(lane: ClaimedLane, job: Job): Promise<JobEnd> {
    try {
      const end = await handlers[job.kind](lane, job);
      if (end.kind === 'done' && end.wrote === true) strikes.wrote(lane.workspaceId);
      const count = end.kind === 'later' && end.unanswered === true ? strikes.unanswered(lane, job) : 0;
      if (end.kind !== 'later' || count < strikesMax) return end;
      return { kind: 'dead', detail: `the inbox did not take it ${count} times, and took others: ${end.detail}` };
    } catch (cause) {
      log.error('job.crashed', { err: cause, lane: lane.key, seq: job.seq, kind: job.kind });
      const detail = cause instanceof Error ? cause.message : String(cause);
      const count = strikes.crashed(lane, job);
      if (count < strikesMax) return { kind: 'later', wishMs: null, detail };
      return { kind: 'dead', detail: `failed ${count} times: ${detail}` };
    }
  }

  const take = (lane: ClaimedLane, claimedMs: number, failed: (cause: unknown) => void) => {
    const work = runLane(lane, claimedMs)
      .catch(failed)
      .finally(() => {
        inHand.delete(work);
        wake();
      });
    inHand.add(work);
  };

  return {
    wake,
    async run(signal) {
      let failure: { readonly cause: unknown } | null = null;
      const failed = (cause: unknown) => {
        failure ??= { cause };
      };
      const stop = () => nap.abort(null);
      signal.addEventListener('abort', stop);
      try {
        // After a failure of the store its last claims would wait for the end of their leases.
        await store.lanes.release();
        while (!signal.aborted && failure === null) {
          woken = false;
          const askedMs = clock.monotonicMs();
          const lanes =
            inHand.size < lanesMax
              ? await store.lanes.claim({ lanesMax: lanesMax - inHand.size, jobsMax, leaseMs })
              : [];
          for (const lane of lanes) take(lane, askedMs, failed);
          if (lanes.length > 0 || woken || signal.aborted) continue;
          nap = new AbortController();
          const dueMs = inHand.size < lanesMax ? await store.lanes.nextDueInMs() : null;
          if (!woken && !signal.aborted) await clock.sleep(Math.min(pollMs, dueMs ?? pollMs), nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
        await Promise.all(inHand);
      }
      if (failure !== null) throw new Error('the worker lost its store', failure);
    },
  };
}
