/** How often something may happen: `perSecond` on average, and up to `burst` at once after a silence. */
export interface PaceLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** The limits for the sends of one bot, and to one of its chats. Null means no limit. */
export interface PaceLimits {
  readonly bot: PaceLimit | null;
  readonly chat: PaceLimit | null;
  /** Applies to groups, besides `chat`. */
  readonly group: PaceLimit | null;
}

/**
 * When the next one may start, and the mark after it. The mark is the time when the allowance is complete again. It is a single
 * number, so that a full bucket needs no memory.
 */
export function nextSlot(
  markMs: number,
  { perSecond, burst }: PaceLimit,
  nowMs: number,
): { readonly atMs: number; readonly markMs: number } {
  const intervalMs = 1_000 / perSecond;
  const atMs = Math.max(nowMs, markMs - (burst - 1) * intervalMs);
  return { atMs, markMs: Math.max(markMs, nowMs) + intervalMs };
}

/** Telegram does not say whether a limit is the chat's or the bot's. If this many chats are limited at once, it is the bot's. */
const chatsOfBotLimit = 3;

/** Whether these pauses of chats, given by their ends, mean that the whole bot is limited. */
export const isBotLimited = (untilsMs: Iterable<number>, nowMs: number): boolean =>
  [...untilsMs].filter((untilMs) => untilMs > nowMs).length >= chatsOfBotLimit;
