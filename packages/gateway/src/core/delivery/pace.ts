/** How often something may happen: `perSecond` for long, up to `burst` at once after a silence. Null for no limit. */
export interface PaceLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What bounds the sends of one bot, and to one of its chats. */
export interface PaceLimits {
  readonly bot: PaceLimit | null;
  readonly chat: PaceLimit | null;
  /** In addition for groups. */
  readonly group: PaceLimit | null;
}

/**
 * When the next one may go, and what that makes of the mark. The mark is when the allowance is whole again: a single number, so
 * that a bucket costs nothing while it is full.
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

/** Telegram does not say whether a limit is the chat's or the bot's: where so many chats are limited at once, it is the bot's. */
const chatsOfBotLimit = 3;

/** Whether these pauses of chats, by when they end, say that the bot is limited. */
export const isBotLimited = (untilsMs: Iterable<number>, nowMs: number): boolean =>
  [...untilsMs].filter((untilMs) => untilMs > nowMs).length >= chatsOfBotLimit;
