import { isBotLimited, nextSlot, type PaceLimits } from '../../core/delivery/pace.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';

/** When a send may start, on the monotonic clock. `too-late`: later than it can wait, so no slot was reserved. */
export type Slot =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'too-late'; readonly retryAfterMs: number };

/** Limits the sends of this process to what Telegram accepts, and remembers the limits that it reported anyway. */
export interface Pace {
  /** Reserves the next slot of the bot and the chat, first come, first served. */
  reserve(channelId: string, chatId: string, patienceMs: number): Slot;
  /** Records that Telegram told this chat to wait. True when that means that the whole bot must wait as long. */
  recordLimit(channelId: string, chatId: string, pauseMs: number): boolean;
  /** Starts no send of this bot for this long. */
  pauseBot(channelId: string, pauseMs: number): void;
  /** Telegram refuses the bot's token. Sends that still wait need not try. */
  close(channelId: string): void;
  isClosed(channelId: string): boolean;
  /** The ids of the channels whose bots are closed. */
  closedBots(): readonly string[];
  /** Telegram accepts the token again. */
  reopen(channelId: string): void;
}

interface Bot {
  markMs: number;
  pausedUntilMs: number;
  /** When each chat's pause ends. */
  readonly limitedChats: Map<string, number>;
}

/** After this much silence a chat or bot has its full allowance again. */
const forgetAfterMs = 5 * 60_000;

/** Each process paces its own sends. Several processes on one bot must share its limit by their settings. */
export function createPace(
  limits: PaceLimits,
  { isGroup }: Pick<ChannelKind, 'isGroup'>,
  clock: Pick<Clock, 'monotonicMs'>,
): Pace {
  const bots = new Map<string, Bot>();
  const closed = new Set<string>();
  // Two generations. A mark that is not used during a whole generation is dropped with it.
  let marks = new Map<string, number>();
  let olderMarks = new Map<string, number>();
  let generationSinceMs = clock.monotonicMs();

  const botOf = (channelId: string): Bot => {
    const known = bots.get(channelId);
    if (known) return known;
    const bot = { markMs: 0, pausedUntilMs: 0, limitedChats: new Map() };
    bots.set(channelId, bot);
    return bot;
  };
  const startGeneration = (nowMs: number): void => {
    if (nowMs - generationSinceMs < forgetAfterMs) return;
    generationSinceMs = nowMs;
    olderMarks = marks;
    marks = new Map();
  };
  const markOf = (name: string): number => marks.get(name) ?? olderMarks.get(name) ?? 0;

  return {
    reserve(channelId, chatId, patienceMs) {
      const nowMs = clock.monotonicMs();
      startGeneration(nowMs);
      const bot = botOf(channelId);
      const ofBot = limits.bot && nextSlot(bot.markMs, limits.bot, nowMs);
      const chatName = `${channelId}:${chatId}`;
      const ofChat = limits.chat && nextSlot(markOf(chatName), limits.chat, nowMs);
      const groupName = `group:${chatName}`;
      const ofGroup = isGroup(chatId) ? limits.group && nextSlot(markOf(groupName), limits.group, nowMs) : null;
      const atMs = Math.max(nowMs, bot.pausedUntilMs, ofBot?.atMs ?? 0, ofChat?.atMs ?? 0, ofGroup?.atMs ?? 0);
      if (atMs - nowMs > patienceMs) return { kind: 'too-late', retryAfterMs: atMs - nowMs };
      if (ofBot) bot.markMs = ofBot.markMs;
      if (ofChat) marks.set(chatName, ofChat.markMs);
      if (ofGroup) marks.set(groupName, ofGroup.markMs);
      return { kind: 'at', atMs };
    },
    recordLimit(channelId, chatId, pauseMs) {
      const nowMs = clock.monotonicMs();
      const { limitedChats } = botOf(channelId);
      for (const [chat, untilMs] of limitedChats) if (untilMs <= nowMs) limitedChats.delete(chat);
      limitedChats.set(chatId, nowMs + pauseMs);
      return isBotLimited(limitedChats.values(), nowMs);
    },
    pauseBot(channelId, pauseMs) {
      const bot = botOf(channelId);
      bot.pausedUntilMs = Math.max(bot.pausedUntilMs, clock.monotonicMs() + pauseMs);
    },
    close: (channelId) => void closed.add(channelId),
    isClosed: (channelId) => closed.has(channelId),
    closedBots: () => [...closed],
    reopen: (channelId) => void closed.delete(channelId),
  };
}
