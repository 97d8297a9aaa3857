import type { ClaimedLane, Job } from '../../store/lanes.ts';

/** What became of one try of a job. */
export type JobEnd =
  /** `wrote`: the inbox took something with it. */
  | { readonly kind: 'done'; readonly wrote?: true }
  /** Not now: the lane waits, in order. */
  | {
      readonly kind: 'later';
      readonly wishMs: number | null;
      readonly detail: string;
      /** The inbox named the wait, which is kept however often there was one before. */
      readonly exactly?: true;
      /** The inbox gave no usable answer: it may be down, or it may stumble over this job for ever. */
      readonly unanswered?: true;
    }
  /** The lane’s jobs stand in another order now: it is to be read again, from this one on. */
  | { readonly kind: 'reordered' }
  /** A person must look: the job goes to the dead letters and the lane goes on. */
  | { readonly kind: 'dead'; readonly detail: string };

export type JobHandler = (lane: ClaimedLane, job: Job) => Promise<JobEnd>;
