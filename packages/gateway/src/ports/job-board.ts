/** Shows which jobs run in this process. What watches over the process can read it when the process no longer answers. */
export interface JobBoard {
  /** The job has begun. Returns what must be called when it has ended. */
  post(job: string): () => void;
}

/** A board without a reader. */
export const noJobBoard: JobBoard = { post: () => () => undefined };
