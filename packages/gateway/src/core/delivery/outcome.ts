/** Why Telegram refused, as far as it changes what we do. */
export type RejectionReason =
  /** Telegram does not know this chat for this bot. */
  | 'recipient-unknown'
  /** Blocked, deactivated, kicked, deleted: the chat is marked. */
  | 'recipient-gone'
  /** The token is dead: the channel is marked broken. */
  | 'channel-broken'
  | 'refused';

/**
 * What one try on the wire came to. `deferred` is proof that nothing was delivered, by the provider's word or because
 * nothing was written; `uncertain` is everything that may have been delivered.
 */
export type SendOutcome =
  | { readonly kind: 'delivered'; readonly channelMessageId: string }
  | {
      readonly kind: 'rejected';
      readonly reason: RejectionReason;
      /** The provider's own; null where it was not asked, because what was to be sent cannot be: its file is gone. */
      readonly providerCode: number | null;
      /** The provider's words, or a sentence of ours. */
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
  /** The provider takes the words, and not their formatting. */
  | { readonly kind: 'deferred'; readonly because: 'formatting'; readonly detail: string }
  | { readonly kind: 'uncertain'; readonly detail: string };
