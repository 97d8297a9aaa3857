import { isBotLimited, nextSlot, type PaceLimits } from '../../core/delivery/pace.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { Clock } from '../../ports/clock.ts';

/** When a send may go, on the monotonic clock; or that this is later than it can wait, and nothing was taken. */
export type Slot =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'too-late'; readonly retryAfterMs: number };

/** Keeps the sends of this process below what Telegram answers 429 for, and remembers when it did all the same. */
export interface Pace {
  /** Takes the next slot of the bot and the chat, in the order of asking. */
  reserve(channelId: string, chatId: string, patienceMs: number): Slot;
  /** Telegram told this chat to wait. True where that says that the whole bot must: for as long. */
  limited(channelId: string, chatId: string, pauseMs: number): boolean;
  /** Nothing of this bot goes before that. */
  pauseBot(channelId: string, pauseMs: number): void;
  /** Telegram refuses the bot's token: what still waits need not ask. */
  close(channelId: string): void;
  isClosed(channelId: string): boolean;
  /** Those that are closed. */
  closedBots(): readonly string[];
  /** Its token is taken again. */
  reopen(channelId: string): void;
}

interface Bot {
  markMs: number;
  pausedUntilMs: number;
  /** When each chat's pause ends. */
  readonly limitedChats: Map<string, number>;
}

/** Whoever was silent for so long has all of its allowance again. */
const forgetAfterMs = 5 * 60_000;

/** Each process paces its own sends: several on one bot have to share its limit by their settings. */
export function createPace(
  limits: PaceLimits,
  { isGroup }: Pick<ChannelKind, 'isGroup'>,
  clock: Pick<Clock, 'monotonicMs'>,
): Pace {
  const bots = new Map<string, Bot>();
  const closed = new Set<string>();
  // Two generations: what was not asked for in a whole one is forgotten with it.
  let marks = new Map<string, number>();
  let olderMarks = new Map<string, number>();
  let turnedMs = clock.monotonicMs();

  const botOf = (channelId: string): Bot => {
    const known = bots.get(channelId);
    if (known) return known;
    const bot = { markMs: 0, pausedUntilMs: 0, limitedChats: new Map() };
    bots.set(channelId, bot);
    return bot;
  };
  const turn = (nowMs: number): void => {
    if (nowMs - turnedMs < forgetAfterMs) return;
    turnedMs = nowMs;
    olderMarks = marks;
    marks = new Map();
  };
  const markOf = (name: string): number => marks.get(name) ?? olderMarks.get(name) ?? 0;

  return {
    reserve(channelId, chatId, patienceMs) {
      const nowMs = clock.monotonicMs();
      turn(nowMs);
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
    limited(channelId, chatId, pauseMs) {
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
