import type { ClaimedLane, Job } from '../../store/lanes.ts';

/**
 * How long a job is insisted on, in this process. Apart from a lane's count of failures, which grows for as long as an inbox is
 * down: what is counted here is held against the job itself.
 */
export interface Strikes {
  /** The job threw: how often it did so in a row. */
  crashed(lane: ClaimedLane, job: Job): number;
  /** The inbox of a workspace took something. */
  wrote(workspaceId: string): void;
  /**
   * The inbox did not take the job, nor refuse it. Counts only where it took something else of the workspace since the job
   * failed last: an inbox that is down as a whole is nobody's fault.
   */
  unanswered(lane: ClaimedLane, job: Job): number;
  /** The job came to an end, or is given up. */
  forget(lane: ClaimedLane, job: Job): void;
}

/** A job that has this many strikes is given up: with the waits between tries, that is after most of an hour. */
export const strikesMax = 8;

/** More jobs than ever fail at the same time; the oldest are forgotten. */
const jobsMax = 10_000;

interface Count {
  readonly strikes: number;
  /** How much the inbox had taken of the workspace when the job failed last. */
  readonly writes: number;
}

export function createStrikes(): Strikes {
  const counts = new Map<string, Count>();
  const writes = new Map<string, number>();
  const nameOf = (lane: ClaimedLane, job: Job): string => `${lane.key} ${job.kind} ${JSON.stringify(job.payload)}`;
  const writesOf = (lane: ClaimedLane): number => writes.get(lane.workspaceId) ?? 0;

  const count = (lane: ClaimedLane, job: Job, next: (before: Count | undefined) => number): number => {
    const name = nameOf(lane, job);
    const strikes = next(counts.get(name));
    counts.delete(name);
    counts.set(name, { strikes, writes: writesOf(lane) });
    const oldest = counts.keys().next();
    if (counts.size > jobsMax && !oldest.done) counts.delete(oldest.value);
    return strikes;
  };

  return {
    crashed: (lane, job) => count(lane, job, (before) => (before?.strikes ?? 0) + 1),
    unanswered: (lane, job) =>
      count(lane, job, (before) =>
        before === undefined ? 0 : before.strikes + (writesOf(lane) > before.writes ? 1 : 0),
      ),
    wrote(workspaceId) {
      writes.set(workspaceId, (writes.get(workspaceId) ?? 0) + 1);
    },
    forget(lane, job) {
      counts.delete(nameOf(lane, job));
    },
  };
}
