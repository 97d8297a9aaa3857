/** A sent message as an update from the customer shows it: the one that was tapped or quoted. */
export interface MessageTrace {
  readonly chatId: string;
  readonly channelMessageId: string;
  /** On the channel's clock, to the second. */
  readonly sentAtMs: number;
  /** Identifies its text and buttons. Equal to the fingerprint of the same message as it was given to the channel. */
  readonly fingerprint: string;
}

/** A message whose outcome is unknown. */
export interface UnknownMessage {
  readonly messageId: number;
  readonly createdAtMs: number;
  /** When its outcome was declared unknown. */
  readonly unknownSinceMs: number;
  /** As in `MessageTrace`. Null if the message has nothing that identifies it. */
  readonly fingerprint: string | null;
}

/** The channel's clock and ours may differ by this much. */
const clockSkewMs = 60_000;
/** Telegram may carry out a request this long after the gateway gave it up. */
const lateMs = 5 * 60_000;

/**
 * The one unknown message that fits a trace: it has the same text and buttons, and the channel accepted it while it was on its
 * way. Null if none fits, and if several fit, because choosing one would be a guess.
 */
export function matchTrace(trace: MessageTrace, unknown: readonly UnknownMessage[]): UnknownMessage | null {
  const [only, ...others] = unknown.filter(
    ({ fingerprint, createdAtMs, unknownSinceMs }) =>
      fingerprint === trace.fingerprint &&
      trace.sentAtMs >= createdAtMs - clockSkewMs &&
      trace.sentAtMs <= unknownSinceMs + lateMs,
  );
  return only !== undefined && others.length === 0 ? only : null;
}
