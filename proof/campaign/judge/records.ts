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

/** An event of the log, in the order of the log. */
export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string | null;
  readonly channelId: string | null;
  readonly chatId: string | null;
  readonly messageId: number | null;
  /** What the message of the event says. */
  readonly token: Token | null;
}

/** A webhook that reached the backend of a workspace, in order of arrival. */
export interface WebhookArrival {
  /** Whose backend it is. */
  readonly workspaceId: string;
  readonly eventId: string;
  readonly type: string;
  readonly messageId: number | null;
  /** What is wrong with the request itself, such as its signature. Null if nothing is. */
  readonly problem: string | null;
}

/** What the log says, and what reached the backends. */
export interface WebhookEvidence {
  readonly log: readonly LoggedEvent[];
  readonly arrivals: readonly WebhookArrival[];
  /** The workspaces with an endpoint. It was made before the first event. */
  readonly listening: readonly string[];
}

/** An event after which the outcome of what is on the wire cannot be known. */
export interface Ambiguity {
  /** Only for this chat; for all chats when absent. */
  readonly chatId?: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Evidence extends WebhookEvidence {
  readonly far: readonly FarRecord[];
  readonly told: readonly CallerAnswer[];
  readonly kept: readonly StoredMessage[];
  readonly ambiguities: readonly Ambiguity[];
}
