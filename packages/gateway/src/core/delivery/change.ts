import type { FailureReason } from '@chatferry/contract';

/** The outcome of one try to edit or delete a message. Such a try may be repeated, whatever came of it. */
export type ChangeOutcome =
  /** The message is as it should be. */
  | { readonly kind: 'done' }
  | {
      readonly kind: 'refused';
      /** `gone`: there is no such message any more; `too-late`: it can no longer be changed. */
      readonly because: 'gone' | 'too-late' | 'channel-broken' | 'refused';
      readonly why: FailureReason;
      readonly providerCode: number;
      /** The provider's words. */
      readonly detail: string;
    }
  /** It is not known whether it was done. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | null; readonly detail: string };
