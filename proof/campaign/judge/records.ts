import type { Token } from './token.ts';

/** What the providers accepted, in order; each was flushed to the journal before the provider answered. */
export type FarRecord =
  /** Telegram accepted a message of the bot. */
  | { readonly what: 'sent'; readonly token: Token; readonly messageId: number }
  /** A customer wrote: Telegram owes the bot an update. */
  | { readonly what: 'wrote'; readonly token: Token }
  /** An inbox accepted an entry; `by` says whether it came through the API or was made in the inbox. */
  | { readonly what: 'entry'; readonly token: Token; readonly by: 'api' | 'inbox'; readonly conversationId: string };

/** The same, with the time at the provider, in milliseconds since 1970. */
export type TimedRecord = FarRecord & { readonly atMs: number };

/** The final answer that a caller of the gateway got for one message. */
export interface CallerAnswer {
  readonly token: Token;
  /** `cut`: the connection broke and the caller had no Idempotency-Key to ask again with. */
  readonly answer: 'sent' | 'failed' | 'unknown' | 'cut';
  /** Telegram's number, where the answer was 201. */
  readonly messageId: number | null;
}

/** A message as the gateway stores it when no work is left. */
export interface StoredMessage {
  readonly token: Token;
  readonly state: string;
  readonly attempts: readonly { readonly startedAtMs: number; readonly finishedAtMs: number }[];
  /** What the event log says of it, in the order of the log, without what it says of the inbox. */
  readonly events: readonly string[];
}

/** An event after which the outcome of what is on the wire cannot be known. */
export interface Ambiguity {
  /** Only for this chat; for all chats when absent. */
  readonly chatId?: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Evidence {
  readonly far: readonly FarRecord[];
  readonly told: readonly CallerAnswer[];
  readonly kept: readonly StoredMessage[];
  readonly ambiguities: readonly Ambiguity[];
}
