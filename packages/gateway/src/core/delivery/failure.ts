import type { ErrorName } from '@chatferry/contract';

/** Why a message is not (or not surely) at its recipient: a name of the error catalogue and the words of whoever said no. */
export interface Failure {
  readonly name: ErrorName;
  readonly reason: string;
  /** The provider's own code, where the provider said no. */
  readonly providerCode?: number;
  /** How long the caller should wait before asking again. */
  readonly retryAfterMs?: number;
}
