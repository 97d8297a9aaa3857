import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import { botThatSends } from './channel-kind.ts';
import type { Process, World } from './world.ts';

/** A message that Telegram took: the truth, which no gateway can change. */
export interface Accepted {
  readonly text: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly id: string;
  readonly atMs: number;
}

interface ChatAtTelegram {
  limitedUntilMs: number;
  isBlocked: boolean;
  movedTo: string | null;
}

export interface Telegram {
  readonly accepted: readonly Accepted[];
  /** Of which messages the answer got lost, or never came. */
  readonly unanswered: ReadonlySet<string>;
  /** The bot of a channel, as one process sees it. */
  open(owner: Process, channelId: string): Channel;
  /** The chat's customer lets the bot in again. */
  unblock(channelId: string, chatId: string): void;
  /** Where the chat is by now. */
  placeOf(channelId: string, chatId: string): string;
  /** The token is dead until it is restored. */
  revoke(channelId: string): void;
  restore(channelId: string): void;
}

export function createTelegram(world: World): Telegram {
  const { kernel, dice, profile } = world;
  const rates = profile.telegram;
  const accepted: Accepted[] = [];
  const unanswered = new Set<string>();
  const chats = new Map<string, ChatAtTelegram>();
  const revoked = new Set<string>();

  const chatOf = (channelId: string, chatId: string): ChatAtTelegram => {
    const name = `${channelId}:${chatId}`;
    const known = chats.get(name);
    if (known) return known;
    const chat = { limitedUntilMs: 0, isBlocked: false, movedTo: null };
    chats.set(name, chat);
    return chat;
  };

  const accept = (channelId: string, chatId: string, text: string): string => {
    const id = String(accepted.length + 1);
    accepted.push({ text, channelId, chatId, id, atMs: kernel.nowMs() });
    kernel.note('accepted', () => `${text} in ${channelId}:${chatId} as ${id}`);
    return id;
  };

  /** What Telegram says before it takes a message; null where it takes it. */
  const refusalOf = (channelId: string, chatId: string, chat: ChatAtTelegram): SendOutcome | null => {
    if (revoked.has(channelId)) {
      return { kind: 'rejected', reason: 'channel-broken', providerCode: 401, detail: 'Unauthorized' };
    }
    if (chat.movedTo === null && chatId.startsWith('-1') && world.strikes('chat migrated', rates.migrated)) {
      chat.movedTo = `-9${chatId.slice(2)}`;
    }
    if (chat.movedTo !== null) {
      return { kind: 'deferred', because: 'migrated', newChatId: chat.movedTo, detail: 'upgraded to a supergroup' };
    }
    if (world.strikes('bot blocked', rates.blocked)) chat.isBlocked = true;
    if (chat.isBlocked) {
      return { kind: 'rejected', reason: 'recipient-gone', providerCode: 403, detail: 'bot was blocked by the user' };
    }
    const nowMs = kernel.nowMs();
    if (world.strikes('short limit', rates.shortLimit)) chat.limitedUntilMs = nowMs + dice.between(200, 3_000);
    if (world.strikes('long limit', rates.longLimit)) chat.limitedUntilMs = nowMs + dice.between(6_000, 60_000);
    if (chat.limitedUntilMs > nowMs) {
      const retryAfterMs = Math.ceil((chat.limitedUntilMs - nowMs) / 1_000) * 1_000;
      return { kind: 'deferred', because: 'rate-limited', retryAfterMs, detail: 'Too Many Requests' };
    }
    return null;
  };

  const send =
    (owner: Process, channelId: string): Channel['send'] =>
    (wire, limitMs) =>
      new Promise((resolve) => {
        const { chatId, text } = wire as { chatId: string; text: string };
        const answer = (delayMs: number, outcome: SendOutcome): void => {
          kernel.after(delayMs, owner, `telegram says ${outcome.kind}`, () => resolve(outcome));
        };
        const noAnswer = (delayMs: number, detail: string): void => {
          unanswered.add(text);
          answer(delayMs, { kind: 'uncertain', detail });
        };
        if (world.strikes('nothing written', rates.notWritten)) {
          return answer(world.latencyMs(), { kind: 'deferred', because: 'not-written', detail: 'ECONNREFUSED' });
        }
        const sentAtMs = kernel.nowMs();
        kernel.after(world.latencyMs(), null, 'send arrives', () => {
          const refusal = refusalOf(channelId, chatId, chatOf(channelId, chatId));
          if (refusal !== null) return answer(world.latencyMs(), refusal);
          const limitLeftMs = limitMs - (kernel.nowMs() - sentAtMs);
          const isTaken = () => {
            if (dice.chance(0.6)) accept(channelId, chatId, text);
          };
          if (world.strikes('telegram silent', rates.silence)) {
            isTaken();
            return noAnswer(limitLeftMs, 'no answer in time');
          }
          if (world.strikes('telegram cut', rates.reset)) {
            isTaken();
            return noAnswer(world.latencyMs(), 'ECONNRESET');
          }
          if (world.strikes('telegram 5xx', rates.brokenAnswer)) {
            isTaken();
            return noAnswer(world.latencyMs(), '502 Bad Gateway');
          }
          if (world.strikes('telegram late', rates.late)) {
            world.underWay += 1;
            kernel.after(limitLeftMs + dice.between(100, 20_000), null, 'taken late', () => {
              world.underWay -= 1;
              accept(channelId, chatId, text);
            });
            return noAnswer(limitLeftMs, 'no answer in time');
          }
          const channelMessageId = accept(channelId, chatId, text);
          if (!owner.isDead && world.strikes('crash at once', profile.processes.crashesAtOnce)) return owner.crash();
          answer(world.latencyMs(), { kind: 'delivered', channelMessageId });
        });
      });

  const describe =
    (owner: Process, channelId: string): Channel['describe'] =>
    () =>
      new Promise((resolve) => {
        kernel.after(world.latencyMs(), owner, 'telegram describes', () => {
          if (revoked.has(channelId))
            resolve({ kind: 'refused', broken: true, providerCode: 401, detail: 'Unauthorized' });
          else
            resolve({
              kind: 'ok',
              value: { botId: '0', username: 'acme_bot', name: 'Acme', supportsInlineQueries: false },
            });
        });
      });

  return {
    accepted,
    unanswered,
    open: (owner, channelId) => botThatSends({ send: send(owner, channelId), describe: describe(owner, channelId) }),
    unblock(channelId, chatId) {
      chatOf(channelId, chatId).isBlocked = false;
    },
    placeOf: (channelId, chatId) => chatOf(channelId, chatId).movedTo ?? chatId,
    revoke: (channelId) => revoked.add(channelId),
    restore: (channelId) => revoked.delete(channelId),
  };
}
