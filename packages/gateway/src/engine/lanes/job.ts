import type { ClaimedLane, Job } from '../../store/lanes.ts';

/** How one try of a job ended. */
export type JobEnd =
  /** `wrote`: the inbox accepted a write. */
  | { readonly kind: 'done'; readonly wrote?: true }
  /** Not now: the lane waits, and keeps its order. */
  | {
      readonly kind: 'later';
      /** The wait that the provider asked for. Null if it named none. */
      readonly wishMs: number | null;
      readonly detail: string;
      /** Wait exactly as long as the inbox says, without back-off. */
      readonly exactly?: true;
      /** The inbox gave no usable answer. It may be down, or it may fail on this job every time. */
      readonly unanswered?: true;
    }
  /** The order of the lane's jobs changed. The lane must be read again from this job on. */
  | { readonly kind: 'reordered' }
  /** A person must look at it. The job goes to the dead letters, and the lane continues. */
  | { readonly kind: 'dead'; readonly detail: string };

export type JobHandler = (lane: ClaimedLane, job: Job) => Promise<JobEnd>;
