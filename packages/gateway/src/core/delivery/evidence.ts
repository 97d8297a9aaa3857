/** A message of ours as an update of the customer shows it: the one that was tapped or quoted. */
export interface MessageTrace {
  readonly chatId: string;
  readonly channelMessageId: string;
  /** By the channel's clock, to the second. */
  readonly sentAtMs: number;
  /** What identifies what it says and offers; equal to that of the same message as it was given to the channel. */
  readonly fingerprint: string;
}

/** A message of which nobody knows whether it was sent. */
export interface UnknownMessage {
  readonly messageId: number;
  readonly createdAtMs: number;
  /** When it was given up. */
  readonly unknownSinceMs: number;
  /** As in `MessageTrace`; null where the message has nothing to be known by. */
  readonly fingerprint: string | null;
}

/** The channel's clock and ours may differ by this much. */
const clockSkewMs = 60_000;
/** What was on the wire when it was given up may be carried out for so long. */
const lateMs = 5 * 60_000;

/**
 * The one unknown message that a trace can be of: it says and offers the same, and the channel took it while it was under way.
 * Null where there is none, and where there are several, since it would be a guess.
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
