import { putNewest } from '../../core/memory/put-newest.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';

/**
 * Counts, in this process, the failures that count against the job itself. They are apart from a lane's count of failures,
 * which grows for as long as an inbox is down.
 */
export interface PoisonJobs {
  /** The job threw. Returns how often it did so in a row. */
  countCrash(lane: ClaimedLane, job: Job): number;
  /** The inbox of a workspace accepted a write. */
  recordWrite(workspaceId: string): void;
  /**
   * The inbox neither accepted nor refused the job. Counts only if the inbox accepted other writes of the workspace since the
   * job's last failure: no job is to blame for an inbox that is down. Returns the count.
   */
  countUnanswered(lane: ClaimedLane, job: Job): number;
  /** The job ended, or was given up. */
  forget(lane: ClaimedLane, job: Job): void;
}

/** A job with this many counted failures is given up. With the waits between tries, that takes most of an hour. */
export const poisonAfter = 8;

/** A limit that real failures never reach. Beyond it the oldest counts are dropped. */
const jobsMax = 10_000;

interface Count {
  readonly failures: number;
  /** How many writes of the workspace the inbox had accepted at the job's last failure. */
  readonly writes: number;
}

export function createPoisonJobs(): PoisonJobs {
  const counts = new Map<string, Count>();
  const writes = new Map<string, number>();
  const nameOf = (lane: ClaimedLane, job: Job): string => `${lane.key} ${job.kind} ${JSON.stringify(job.payload)}`;
  const writesOf = (lane: ClaimedLane): number => writes.get(lane.workspaceId) ?? 0;

  const count = (lane: ClaimedLane, job: Job, next: (before: Count | undefined) => number): number => {
    const name = nameOf(lane, job);
    const failures = next(counts.get(name));
    putNewest(counts, name, { failures, writes: writesOf(lane) }, jobsMax);
    return failures;
  };

  return {
    countCrash: (lane, job) => count(lane, job, (before) => (before?.failures ?? 0) + 1),
    countUnanswered: (lane, job) =>
      count(lane, job, (before) =>
        before === undefined ? 0 : before.failures + (writesOf(lane) > before.writes ? 1 : 0),
      ),
    recordWrite(workspaceId) {
      writes.set(workspaceId, (writes.get(workspaceId) ?? 0) + 1);
    },
    forget(lane, job) {
      counts.delete(nameOf(lane, job));
    },
  };
}
