import type { ClaimedLane, Job, WaitsFor } from '../../store/lanes.ts';

/** How one try of a job ended. */
export type JobEnd =
  /** `wrote`: the inbox accepted a write. */
  | { readonly kind: 'done'; readonly wrote?: true }
  /** Not now: the lane waits, and keeps its order. */
  | JobWait
  /** The order of the lane's jobs changed. The lane must be read again from this job on. */
  | { readonly kind: 'reordered' }
  /** A person must look at it. The job goes to the dead letters, and the lane continues. */
  | { readonly kind: 'dead'; readonly detail: string };

/** A job that must wait, and why. Nothing is occupied while it waits. */
export interface JobWait {
  readonly kind: 'later';
  /** The wait that the provider asked for, in milliseconds. Null if it named none. */
  readonly wishMs: number | null;
  readonly detail: string;
  /** Wait as long as `wishMs` says. It is no failure of the job, and the next wait is no longer because of it. */
  readonly exactly?: true;
  /** The inbox gave no usable answer. It may be down, or it may fail on this job every time. */
  readonly unanswered?: true;
  /** It waits for the workspace's inbox, and is due at once when that answers again. */
  readonly waitsFor?: WaitsFor;
}

/** Waits as long as the provider asked for, which is no failure. If it named no time, the back-off decides. */
export const waitOf = (wishMs: number | null, detail: string): JobWait =>
  wishMs === null ? { kind: 'later', wishMs, detail } : { kind: 'later', wishMs, exactly: true, detail };

export type JobHandler = (lane: ClaimedLane, job: Job) => Promise<JobEnd>;
