import type { BoundInbox } from '../../ports/bound-inbox.ts';
import type { Inbox } from '../../ports/inbox.ts';

/** An inbox that is not stored yet. */
export interface TriedInbox {
  readonly inbox: Inbox;
  /** The configuration to store: the one that was given, with the values that the provider has replaced since. */
  input(): BoundInbox;
}

/** Opens an inbox that is not stored yet. */
export type TryInbox = (input: BoundInbox, defaultSender: string | null) => TriedInbox;
