import type { ClaimedLane, Job } from '../store/lanes.ts';

/** How often each job has crashed in a row, in this process. */
export interface CrashCount {
  /** One crash more: how many it has been. */
  crashed(lane: ClaimedLane, job: Job): number;
  /** The job came to an end without a crash, or is given up. */
  forget(lane: ClaimedLane, job: Job): void;
}

/** More jobs than ever crash at the same time; the oldest are forgotten. */
const jobsMax = 10_000;

/** Apart from a lane's count of failures, which grows for as long as an inbox is down. */
export function createCrashCount(): CrashCount {
  const counts = new Map<string, number>();
  const nameOf = (lane: ClaimedLane, job: Job): string => `${lane.key} ${job.kind} ${JSON.stringify(job.payload)}`;
  return {
    crashed(lane, job) {
      const name = nameOf(lane, job);
      const count = (counts.get(name) ?? 0) + 1;
      counts.delete(name);
      counts.set(name, count);
      const oldest = counts.keys().next();
      if (counts.size > jobsMax && !oldest.done) counts.delete(oldest.value);
      return count;
    },
    forget(lane, job) {
      counts.delete(nameOf(lane, job));
    },
  };
}
