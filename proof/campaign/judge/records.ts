import type { Token } from './token.ts';

/** What the far side accepted, in its order; each was flushed to the journal before the far side answered. */
export type FarRecord =
  /** Telegram took a message of the bot. */
  | { readonly what: 'sent'; readonly token: Token; readonly messageId: number }
  /** A customer wrote: Telegram owes the bot an update. */
  | { readonly what: 'wrote'; readonly token: Token }
  /** An inbox took an entry; `by` tells what came through its API from what was done in it. */
  | { readonly what: 'entry'; readonly token: Token; readonly by: 'api' | 'inbox'; readonly conversationId: string };

/** What a caller of the gateway was told, in the end, of one message. */
export interface Told {
  readonly token: Token;
  /** `cut`: the connection broke and the caller had no Idempotency-Key to ask again with. */
  readonly answer: 'sent' | 'failed' | 'unknown' | 'cut';
  /** Telegram's number, where the answer was 201. */
  readonly messageId: number | null;
}

/** A message as the gateway keeps it once all is quiet. */
export interface Kept {
  readonly token: Token;
  readonly state: string;
  readonly attempts: readonly { readonly startedAtMs: number; readonly finishedAtMs: number }[];
}

/** Something that makes the outcome of what is on the wire unknowable. */
export interface Ambiguity {
  /** Of this chat alone; of all where it is absent. */
  readonly chatId?: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Evidence {
  readonly far: readonly FarRecord[];
  readonly told: readonly Told[];
  readonly kept: readonly Kept[];
  readonly ambiguities: readonly Ambiguity[];
}
