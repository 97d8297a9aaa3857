import { randomBytes } from 'node:crypto';
import { ControlError } from '../control-error.ts';
import { createPolling } from './polling.ts';
import type { TelegramState } from './state.ts';
import { createUpdateQueue } from './updates.ts';
import { type Bot, type Chat, type ChatInfo, newChat, privateChatInfo, type User } from './world.ts';

export interface NewBot {
  readonly username?: string | undefined;
  readonly first_name?: string | undefined;
  /** `<id>:<at least 24 base64url characters>`. Default: a random token. */
  readonly token?: string | undefined;
  readonly supports_inline_queries?: boolean | undefined;
  readonly can_read_all_group_messages?: boolean | undefined;
  /** True: every chat id is a person who has started this bot, or a group that it is in. */
  readonly accepts_any_chat?: boolean | undefined;
}

export interface BotSummary {
  readonly id: number;
  readonly token: string;
  readonly username: string;
}

export interface NewChat {
  readonly bot_id: number;
  readonly user?: Partial<Omit<User, 'is_bot'>> | undefined;
  readonly type?: ChatInfo['type'] | undefined;
  readonly title?: string | undefined;
  readonly username?: string | undefined;
}

const firstBotId = 7_000_000_001;
const firstUserId = 5_000_000_001;
const firstGroupId = 4_000_001;

export function createBot(state: TelegramState, given: NewBot): BotSummary {
  const token = given.token ?? `${freeBotId(state)}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
  const id = Number(/^([1-9]\d{0,15}):[\w-]{24,63}$/.exec(token)?.[1]);
  if (!Number.isSafeInteger(id))
    throw new ControlError(400, 'Give "token" as <bot id>:<24 or more letters, digits, - and _>, or leave it out.');
  if (state.botsById.has(id)) throw new ControlError(409, `There is already a bot ${id}: choose another token.`);
  const username = given.username ?? `sandbox_${id}_bot`;
  checkUsername(username);
  const queue = createUpdateQueue(state.context.clock, state.context.random, (update) =>
    state.publish('update.expired', {
      bot_id: id,
      update_id: update.updateId,
      kind: update.kind,
      chat_id: update.chatId,
    }),
  );
  state.botsById.set(id, {
    id,
    token,
    user: { id, is_bot: true, first_name: given.first_name ?? 'Sandbox bot', username },
    supportsInlineQueries: given.supports_inline_queries ?? false,
    canReadAllGroupMessages: given.can_read_all_group_messages ?? false,
    acceptsAnyChat: given.accepts_any_chat ?? false,
    revoked: false,
    lastMessageId: 0,
    chats: new Map(),
    files: new Map(),
    callbackQueries: new Map(),
    inlineQueries: new Map(),
    updates: queue,
    polling: createPolling(state.context.clock, queue, () => state.publish('poll.held', { bot_id: id })),
    webhook: undefined,
    nextSetWebhookMs: 0,
    lastError: undefined,
  });
  state.publish('bot.created', { bot_id: id, username });
  return { id, token, username };
}

function checkUsername(username: string): void {
  if (/^[a-z]\w{3,30}$/i.test(username)) return;
  throw new ControlError(400, 'Give "username" as 4 to 31 letters, digits and underscores.');
}

/** Renames a bot, as its owner does in BotFather. Telegram: no update tells it, and messages that wait keep the old name. */
export function renameBot(
  state: TelegramState,
  bot: Bot,
  names: { readonly username?: string | undefined; readonly first_name?: string | undefined },
): void {
  const { username = bot.user.username, first_name = bot.user.first_name } = names;
  checkUsername(username);
  bot.user = { ...bot.user, username, first_name };
  state.publish('bot.renamed', { bot_id: bot.id, username, first_name });
}

function freeBotId(state: TelegramState): number {
  let id = firstBotId + state.botsById.size;
  while (state.botsById.has(id)) id += 1;
  return id;
}

export function listBots(state: TelegramState): readonly (BotSummary & Record<string, unknown>)[] {
  return [...state.botsById.values()].map((bot) => ({
    id: bot.id,
    token: bot.token,
    username: bot.user.username,
    first_name: bot.user.first_name,
    supports_inline_queries: bot.supportsInlineQueries,
    webhook_url: bot.webhook?.url ?? '',
    pending_update_count: bot.updates.count(),
  }));
}

export function botById(state: TelegramState, botId: number): Bot {
  const bot = state.botsById.get(botId);
  if (!bot) throw new ControlError(404, `There is no bot ${botId}: create it with POST /control/telegram/bots.`);
  return bot;
}

export function chatById(bot: Bot, chatId: number): Chat {
  const chat = bot.chats.get(chatId);
  if (!chat)
    throw new ControlError(
      404,
      `Bot ${bot.id} has no chat ${chatId}: create it with POST /control/telegram/chats {"bot_id": ${bot.id}}.`,
    );
  return chat;
}

/**
 * Creates a chat in which the person has not pressed Start. Throws a `ControlError` if the bot already has the chat.
 */
export function createChat(state: TelegramState, bot: Bot, given: NewChat): Chat {
  const user = findOrCreateUser(state, given.user ?? {});
  const type = given.type ?? 'private';
  const info = type === 'private' ? privateChatInfo(user) : groupInfo(state, given, type);
  if (bot.chats.has(info.id))
    throw new ControlError(
      409,
      `Bot ${bot.id} already has the chat ${info.id}: give another user id, or use that chat.`,
    );
  const chat = newChat(info, user, type === 'private' ? 'never-started' : 'open');
  bot.chats.set(info.id, chat);
  return chat;
}

/** A person has the same id and name for every bot. */
function findOrCreateUser(state: TelegramState, given: Partial<Omit<User, 'is_bot'>>): User {
  const id = given.id ?? firstUserId + state.nextSerial();
  if (id <= 0 || id >= 2 ** 52) throw new ControlError(400, 'Give "user.id" between 1 and 2^52.');
  const known = state.users.get(id);
  if (known && given.first_name === undefined) return known;
  const user: User = {
    id,
    is_bot: false,
    first_name: given.first_name ?? 'Alex',
    ...(given.last_name === undefined ? {} : { last_name: given.last_name }),
    ...(given.username === undefined ? {} : { username: given.username }),
    language_code: given.language_code ?? 'en',
  };
  state.users.set(id, user);
  return user;
}

function groupInfo(state: TelegramState, given: NewChat, type: ChatInfo['type']): ChatInfo {
  const serial = firstGroupId + state.nextSerial();
  return {
    id: type === 'group' ? -serial : -1_000_000_000_000 - serial,
    type,
    title: given.title ?? 'Sandbox group',
    ...(given.username === undefined || type === 'group' ? {} : { username: given.username }),
  };
}
