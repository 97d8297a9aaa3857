import type { FailureReason } from '@chatferry/contract';
import type { Amendment } from './amendment.ts';

/** Why Telegram refused, as far as it changes what the gateway does. */
export type RejectionReason =
  /** Telegram does not know this chat for this bot. */
  | 'recipient-unknown'
  /** Blocked, deactivated, kicked, deleted: the chat is marked. */
  | 'recipient-gone'
  /** The token is dead: the channel is marked broken. */
  | 'channel-broken'
  | 'refused';

/**
 * The outcome of one attempt. `deferred` is proof that nothing was delivered: the provider says so, or nothing was written.
 * `uncertain` is everything that may have been delivered.
 */
export type SendOutcome =
  | { readonly kind: 'delivered'; readonly channelMessageId: string }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectionReason;
      /** What the caller is told. Absent: `refused`. */
      readonly why?: FailureReason;
      /** The provider's own code. Null if the provider was not asked, because the message cannot be sent: its file is gone. */
      readonly providerCode: number | null;
      /** The provider's words, or a sentence of the gateway's. */
      readonly detail: string;
    }
  | { readonly kind: 'deferred'; readonly because: 'not-written'; readonly detail: string }
  | {
      readonly kind: 'deferred';
      readonly because: 'rate-limited';
      readonly retryAfterMs: number;
      readonly detail: string;
    }
  | { readonly kind: 'deferred'; readonly because: 'migrated'; readonly newChatId: string; readonly detail: string }
  /** A part was refused that can be left out or done otherwise. `providerCode` is null if the provider was not asked. */
  | {
      readonly kind: 'deferred';
      readonly because: 'amendable';
      readonly amendment: Amendment;
      readonly why?: FailureReason;
      readonly providerCode: number | null;
      readonly detail: string;
    }
  | { readonly kind: 'uncertain'; readonly detail: string };
