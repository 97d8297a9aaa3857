import { type Amended, amendments } from './amendment.ts';
import type { Failure } from './failure.ts';
import type { SendOutcome } from './outcome.ts';

/** How long this message may still wait. */
export interface Patience {
  /** The maximum number of attempts if nothing was written. */
  readonly triesMax: number;
  /** The longest wait between two attempts while the chat is blocked for other sends. */
  readonly waitMaxMs: number;
  /** The time until the waiting caller gives up. Null when no caller waits. */
  readonly remainingMs: number | null;
  /** Whether a part that is refused may be left out. Otherwise the message fails: its sender decides. */
  readonly mayAmend: boolean;
}

/** What happens to a message after one attempt. */
export type Next =
  | { readonly kind: 'sent'; readonly channelMessageId: string }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly recipientGone: boolean;
      readonly channelBroken: boolean;
    }
  | { readonly kind: 'unknown'; readonly failure: Failure }
  /** Surely not sent: try again after `waitMs`, to `newChatId` if the chat has moved, and `amended` if a part was refused. */
  | {
      readonly kind: 'again';
      readonly waitMs: number;
      readonly newChatId: string | null;
      readonly amended?: Amended;
    }
  /** Surely not sent, and the wait is too long: nothing is pending afterwards. */
  | { readonly kind: 'give-up'; readonly failure: Failure };

type Rejected = Extract<SendOutcome, { readonly kind: 'rejected' }>;

/** The random wait before a retry after nothing was written. */
const notWrittenWaitMs = { min: 100, max: 500 };

/**
 * Decides what follows from the outcome of one attempt. Only a message that surely was not sent is tried again, and no other
 * layer retries. `uniform` is a number in [0, 1).
 */
export function decide(outcome: SendOutcome, tries: number, patience: Patience, uniform: number): Next {
  switch (outcome.kind) {
    case 'delivered':
      return { kind: 'sent', channelMessageId: outcome.channelMessageId };
    case 'rejected':
      return failed(outcome);
    case 'uncertain':
      return { kind: 'unknown', failure: { name: 'OUTCOME_UNKNOWN', reason: outcome.detail } };
    case 'deferred':
      return decideDeferred(outcome, tries, patience, uniform);
  }
}

const failed = ({ reason, why = 'refused', detail, providerCode }: Omit<Rejected, 'kind'>): Next => ({
  kind: 'failed',
  failure: {
    name: reason === 'recipient-unknown' ? 'USER_NOT_FOUND' : 'TELEGRAM_REJECTED',
    reason: detail,
    why,
    ...(providerCode === null ? {} : { providerCode }),
  },
  recipientGone: reason === 'recipient-gone',
  channelBroken: reason === 'channel-broken',
});

function decideDeferred(
  outcome: Extract<SendOutcome, { kind: 'deferred' }>,
  tries: number,
  patience: Patience,
  uniform: number,
): Next {
  switch (outcome.because) {
    case 'migrated':
      return tries < patience.triesMax
        ? { kind: 'again', waitMs: 0, newChatId: outcome.newChatId }
        : { kind: 'give-up', failure: { name: 'UNAVAILABLE', reason: outcome.detail } };
    case 'amendable':
      return patience.mayAmend && tries < patience.triesMax + amendments.length
        ? {
            kind: 'again',
            waitMs: 0,
            newChatId: null,
            amended: { amendment: outcome.amendment, reason: outcome.detail },
          }
        : failed({ ...outcome, reason: 'refused' });
    case 'rate-limited':
      // The caller's deadline ends the waiting. If no caller waits, the number of attempts does.
      return isWorthWaiting(outcome.retryAfterMs, patience) &&
        (patience.remainingMs !== null || tries < patience.triesMax)
        ? { kind: 'again', waitMs: outcome.retryAfterMs, newChatId: null }
        : {
            kind: 'give-up',
            failure: { name: 'RATE_LIMITED', reason: outcome.detail, retryAfterMs: outcome.retryAfterMs },
          };
    case 'not-written': {
      const waitMs = Math.round(notWrittenWaitMs.min + uniform * (notWrittenWaitMs.max - notWrittenWaitMs.min));
      return tries < patience.triesMax && isWorthWaiting(waitMs, patience)
        ? { kind: 'again', waitMs, newChatId: null }
        : { kind: 'give-up', failure: { name: 'UNAVAILABLE', reason: outcome.detail, retryAfterMs: 5_000 } };
    }
  }
}

const isWorthWaiting = (waitMs: number, { waitMaxMs, remainingMs }: Patience): boolean =>
  waitMs <= waitMaxMs && (remainingMs === null || waitMs < remainingMs);
