import type { Answer } from '../faults.ts';

/** A call that the provider refuses. It ends the request and becomes the provider's error answer. */
export abstract class Refusal extends Error {
  readonly status: number;
  /** What the feed shows beside the operation and the status. */
  abstract readonly feedData: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  abstract answer(requestId: string): Answer;
}
