import type { ErrorName, FailureReason } from '@chatferry/contract';

/** Why a message did not, or may not have, reached its recipient. `reason` has the words of the one who refused it. */
export interface Failure {
  /** From the error catalogue. */
  readonly name: ErrorName;
  readonly reason: string;
  /** Set if it was refused: why, for programs. */
  readonly why?: FailureReason;
  /** The provider's own code, if the provider refused it. */
  readonly providerCode?: number;
  /** How long the caller should wait before asking again. */
  readonly retryAfterMs?: number;
}
