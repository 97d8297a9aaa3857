import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import { botThatSends } from './channel-kind.ts';
import type { Process, World } from './world.ts';

/** A message that Telegram accepted: the truth, which no gateway can change. */
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
  /** The texts of messages whose answer got lost or never came. */
  readonly unanswered: ReadonlySet<string>;
  /** The bot of a channel, as one process sees it. */
  open(owner: Process, channelId: string): Channel;
  /** The customer of the chat unblocks the bot. */
  unblock(channelId: string, chatId: string): void;
  /** The present id of the chat, which changes when a group becomes a supergroup. */
  placeOf(channelId: string, chatId: string): string;
  /** The token is refused until it is restored. */
  revoke(channelId: string): void;
  restore(channelId: string): void;
  /** Sends to these chats get no answer, until `answer`. Each is accepted, or not. */
  hang(chats: readonly ChatName[]): void;
  answer(chats: readonly ChatName[]): void;
}

/** `<id of the channel>:<id of the chat>` */
export type ChatName = `${string}:${string}`;

interface State {
  readonly world: World;
  readonly accepted: Accepted[];
  readonly unanswered: Set<string>;
  readonly chats: Map<string, ChatAtTelegram>;
  readonly revoked: Set<string>;
  readonly hanging: Set<ChatName>;
}

export function createTelegram(world: World): Telegram {
  const state: State = {
    world,
    accepted: [],
    unanswered: new Set(),
    chats: new Map(),
    revoked: new Set(),
    hanging: new Set(),
  };
  const { accepted, unanswered, revoked, hanging } = state;
  return {
    accepted,
    unanswered,
    open: (owner, channelId) =>
      botThatSends({
        send: (wire, limitMs) => send(state, { owner, channelId, limitMs, ...(wire as unknown as Wire) }),
        describe: () => describeBot(state, owner, channelId),
      }),
    unblock(channelId, chatId) {
      findChat(state, channelId, chatId).isBlocked = false;
    },
    placeOf: (channelId, chatId) => findChat(state, channelId, chatId).movedTo ?? chatId,
    revoke: (channelId) => revoked.add(channelId),
    restore: (channelId) => revoked.delete(channelId),
    hang(chats) {
      for (const chat of chats) hanging.add(chat);
    },
    answer(chats) {
      for (const chat of chats) hanging.delete(chat);
    },
  };
}

function findChat({ chats }: State, channelId: string, chatId: string): ChatAtTelegram {
  const name = `${channelId}:${chatId}`;
  const known = chats.get(name);
  if (known) return known;
  const chat = { limitedUntilMs: 0, isBlocked: false, movedTo: null };
  chats.set(name, chat);
  return chat;
}

interface Wire {
  readonly chatId: string;
  readonly text: string;
}

interface Send extends Wire {
  readonly owner: Process;
  readonly channelId: string;
  readonly limitMs: number;
}

function accept({ world, accepted }: State, { channelId, chatId, text }: Send): string {
  const { kernel } = world;
  const id = String(accepted.length + 1);
  accepted.push({ text, channelId, chatId, id, atMs: kernel.nowMs() });
  kernel.note('accepted', () => `${text} in ${channelId}:${chatId} as ${id}`);
  return id;
}

/** The answer of a Telegram that refuses the message; null when it accepts the message. */
function refuse(state: State, { channelId, chatId }: Send): SendOutcome | null {
  const { world } = state;
  const { kernel, dice } = world;
  const rates = world.profile.telegram;
  const chat = findChat(state, channelId, chatId);
  if (state.revoked.has(channelId)) {
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
  if (chat.limitedUntilMs <= nowMs) return null;
  const retryAfterMs = Math.ceil((chat.limitedUntilMs - nowMs) / 1_000) * 1_000;
  return { kind: 'deferred', because: 'rate-limited', retryAfterMs, detail: 'Too Many Requests' };
}

type Answer = (delayMs: number, outcome: SendOutcome) => void;

function send(state: State, asked: Send): Promise<SendOutcome> {
  const { world } = state;
  const { kernel, profile } = world;
  const { owner, limitMs } = asked;
  return new Promise((resolve) => {
    const answer: Answer = (delayMs, outcome) => {
      kernel.after(delayMs, owner, `telegram says ${outcome.kind}`, () => resolve(outcome));
    };
    if (world.strikes('nothing written', profile.telegram.notWritten)) {
      return answer(world.latencyMs(), { kind: 'deferred', because: 'not-written', detail: 'ECONNREFUSED' });
    }
    const sentAtMs = kernel.nowMs();
    kernel.after(world.latencyMs(), null, 'send arrives', () => {
      const refusal = refuse(state, asked);
      if (refusal !== null) return answer(world.latencyMs(), refusal);
      if (isLost(state, asked, limitMs - (kernel.nowMs() - sentAtMs), answer)) return;
      const channelMessageId = accept(state, asked);
      if (!owner.isDead && world.strikes('crash at once', profile.processes.crashesAtOnce)) return owner.crash();
      answer(world.latencyMs(), { kind: 'delivered', channelMessageId });
    });
  });
}

/** Whether the answer gets lost or comes too late. The message may be accepted anyway. */
function isLost(state: State, asked: Send, limitLeftMs: number, answer: Answer): boolean {
  const { world } = state;
  const { kernel, dice } = world;
  const rates = world.profile.telegram;
  const lose = (delayMs: number, detail: string): true => {
    state.unanswered.add(asked.text);
    answer(delayMs, { kind: 'uncertain', detail });
    return true;
  };
  const acceptPerhaps = () => {
    if (dice.chance(0.6)) accept(state, asked);
  };
  if (state.hanging.has(`${asked.channelId}:${asked.chatId}`)) {
    world.count('telegram hangs');
    acceptPerhaps();
    return lose(limitLeftMs, 'no answer in time');
  }
  if (world.strikes('telegram silent', rates.silence)) {
    acceptPerhaps();
    return lose(limitLeftMs, 'no answer in time');
  }
  if (world.strikes('telegram cut', rates.reset)) {
    acceptPerhaps();
    return lose(world.latencyMs(), 'ECONNRESET');
  }
  if (world.strikes('telegram 5xx', rates.brokenAnswer)) {
    acceptPerhaps();
    return lose(world.latencyMs(), '502 Bad Gateway');
  }
  if (!world.strikes('telegram late', rates.late)) return false;
  world.underWay += 1;
  kernel.after(limitLeftMs + dice.between(100, 20_000), null, 'taken late', () => {
    world.underWay -= 1;
    accept(state, asked);
  });
  return lose(limitLeftMs, 'no answer in time');
}

const describeBot = ({ world, revoked }: State, owner: Process, channelId: string): ReturnType<Channel['describe']> =>
  new Promise((resolve) => {
    world.kernel.after(world.latencyMs(), owner, 'telegram describes', () => {
      if (revoked.has(channelId)) resolve({ kind: 'refused', broken: true, providerCode: 401, detail: 'Unauthorized' });
      else
        resolve({
          kind: 'ok',
          value: { botId: '0', username: 'acme_bot', name: 'Acme', supportsInlineQueries: false },
        });
    });
  });
