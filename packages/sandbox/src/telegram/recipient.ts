import { BotApiError, badRequest, forbidden } from './errors.ts';
import type { TelegramState } from './state.ts';
import { type Bot, type Chat, newChat, privateChatInfo } from './world.ts';

const chatTypeNames = { private: 'private', group: 'group', supergroup: 'supergroup', channel: 'channel' } as const;

/** The chat of `chat_id`. Throws the errors of the Bot API server, which checks a chat before it asks Telegram. */
export function recipientOf(state: TelegramState, bot: Bot, chatId: string): Chat {
  if (chatId === '') throw badRequest('Chat_id is empty');
  const chat = chatId.startsWith('@') ? recipientByUsername(bot, chatId.slice(1)) : recipientById(state, bot, chatId);
  if (!chat) throw badRequest('Chat not found');
  checkAccess(chat);
  return chat;
}

/** Telegram: a username is that of a group, a channel or a bot, never of a person. */
function recipientByUsername(bot: Bot, username: string): Chat | undefined {
  const wanted = username.toLowerCase();
  return [...bot.chats.values()].find(
    ({ info }) => (info.type === 'supergroup' || info.type === 'channel') && info.username?.toLowerCase() === wanted,
  );
}

function recipientById(state: TelegramState, bot: Bot, chatId: string): Chat | undefined {
  const id = Number(/^-?\d+/.exec(chatId.trim())?.[0] ?? 0);
  const known = bot.chats.get(id);
  if (known) return known;
  if (state.botsById.has(id)) throw forbidden("the bot can't send messages to the bot");
  return bot.acceptsAnyChat ? chatOfAnyId(state, bot, id) : undefined;
}

/** TDLib DialogId.cpp: ids of supergroups and channels are below this one, and those of basic groups above it. */
const supergroupsBelow = -1_000_000_000_000;

/** The chat with this id, which is made if the bot has none. Undefined for what is no id of a chat. */
export function chatOfAnyId(state: TelegramState, bot: Bot, id: number): Chat | undefined {
  const known = bot.chats.get(id);
  if (known) return known;
  if (id === 0 || Math.abs(id) >= 2 ** 52) return undefined;
  const user = { id: Math.abs(id), is_bot: false, first_name: `Customer ${Math.abs(id)}` };
  const type = id < supergroupsBelow ? 'supergroup' : 'group';
  const info = id > 0 ? privateChatInfo(user) : ({ id, type, title: `Group ${-id}` } as const);
  const chat = newChat(info, user, 'open');
  bot.chats.set(id, chat);
  const [oldest] = bot.chats.keys();
  if (oldest !== undefined && bot.chats.size > (state.options.memory?.chatsPerBot ?? Number.POSITIVE_INFINITY))
    bot.chats.delete(oldest);
  return chat;
}

function checkAccess(chat: Chat): void {
  const kind = chatTypeNames[chat.info.type];
  switch (chat.standing) {
    case 'deactivated':
      throw forbidden('user is deactivated');
    case 'kicked':
      throw forbidden(`bot was kicked from the ${kind} chat`);
    case 'left':
      throw forbidden(`bot is not a member of the ${kind} chat`);
    case 'deleted':
      throw forbidden('the group chat was deleted');
    case 'migrated':
      throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.migratedTo ?? 0 });
    default:
  }
}

/** The checks of Telegram's servers, after all other checks. */
export function checkReachable(chat: Chat): void {
  if (chat.standing === 'blocked') throw forbidden('bot was blocked by the user');
  if (chat.standing === 'never-started')
    throw new BotApiError(403, "Forbidden: bot can't initiate conversation with a user");
}
