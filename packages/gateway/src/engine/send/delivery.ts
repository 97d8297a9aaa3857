import type { Amended } from '../../core/delivery/amendment.ts';
import type { Failure } from '../../core/delivery/failure.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { Channel, Wire } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { IntentRow } from '../../store/intents.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { MarkHealth } from '../directory/mark-health.ts';
import type { ChatQueue } from './chat-queue.ts';
import type { Pace } from './pace.ts';
import type { ResultJournal } from './result-journal.ts';
import type { StoreRetries } from './retry-until-stored.ts';

/** What the engine needs from the store to deliver. Each write is durable when it resolves. */
export type DeliveryStore = StoreSlice<{
  readonly intents: 'record';
  readonly results: 'record' | 'isStored';
  readonly flights: 'startNextAttempt' | 'abandon' | 'postpone';
  readonly chats: 'pause' | 'markBlocked';
  readonly channels: 'pauseBot';
  readonly inbound: 'recordMigration';
}>;

export interface DeliveryDeps {
  readonly store: DeliveryStore;
  readonly health: Pick<MarkHealth, 'markChannelBroken'>;
  /** Stores a result on disk when the store does not accept it. */
  readonly resultJournal: Pick<ResultJournal, 'append'>;
  readonly chatQueue: ChatQueue;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly random: Random;
  readonly kind: ChannelKind;
  readonly log: DeliveryLog;
  /** Called after a result was stored: the inbox has work. */
  readonly onResult: () => void;
  /** For what the store must record before the chat can be sent to again. */
  readonly retryUntilStored: StoreRetries['retryUntilStored'];
}

export interface DeliveryLog {
  /** One line per attempt: ids, outcome, duration, next step. */
  attempted(fields: Readonly<Record<string, unknown>>): void;
  failed(fields: Readonly<Record<string, unknown>>): void;
}

/** A message to send, as the store records it before the first attempt. */
export interface DeliveryIntent extends IntentRow {
  readonly wire: Wire;
}

export interface DeliveryRequest {
  readonly intent: DeliveryIntent;
  readonly channel: Channel;
  /** Fetches the file of a message that has one. */
  readonly fetchAttachment?: FetchAttachment | undefined;
  /** When the caller gives up, on the monotonic clock. Null when no caller waits. */
  readonly deadlineMs: number | null;
  /** Aborted when the caller gave up. Ends the wait while nothing is stored, and changes nothing afterwards. */
  readonly signal?: AbortSignal | undefined;
  /** If nothing was sent, a scheduled message becomes `scheduled` again instead of `failed`. */
  readonly mayPostpone?: boolean | undefined;
  /** Called when the intent is durable: from here on the message has an id. */
  readonly onTaken?: (messageId: number) => void;
}

export type Delivery =
  | {
      readonly kind: 'sent';
      readonly messageId: number;
      readonly channelMessageId: string;
      /** What was left out, or done otherwise, in this order. Empty if it was sent as it was. */
      readonly amended: readonly Amended[];
    }
  | { readonly kind: 'failed'; readonly messageId: number; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly messageId: number; readonly failure: Failure }
  | NotSent;

/** Nothing was stored and nothing was sent. `detail` says why, in words for a log or a person. */
export type NotSent =
  /** The chat or the bot cannot be sent to yet. */
  | {
      readonly kind: 'not-sent';
      readonly because: 'rate-limited';
      readonly detail: string;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'not-sent'; readonly because: OtherReason; readonly detail: string };

type OtherReason =
  /** The maximum number of sends waits for this chat already. */
  | 'chat-queue-full'
  /** The caller gave up while the send waited. */
  | 'caller-left'
  /** Telegram refused the bot's token while the send waited. */
  | 'channel-closed'
  /** Telegram cannot be reached. The message is scheduled again, and waits. */
  | 'postponed'
  /** Another request holds the key of this send now. */
  | 'key-taken';

/** When a send that was not sent is tried again: `otherMs` from now, unless a limit says how long to wait. */
export const waitBeforeRetryMs = (notSent: NotSent, otherMs: number): number =>
  notSent.because === 'rate-limited' ? notSent.retryAfterMs : otherMs;
