import { ControlError } from '../control-error.ts';
import { pushMessageUpdate } from './incoming.ts';
import { addEntry, type TelegramState } from './state.ts';
import { type Bot, type Chat, newChat, nextMessageId, type Standing } from './world.ts';

type MemberStatus = 'member' | 'kicked' | 'left';

/** The customer blocks the bot, which receives `my_chat_member`. */
export function block(state: TelegramState, bot: Bot, chat: Chat): { update_id?: number } {
  checkPrivate(chat);
  return moveTo(state, bot, chat, 'blocked', 'member', 'kicked');
}

export function unblock(state: TelegramState, bot: Bot, chat: Chat): { update_id?: number } {
  checkPrivate(chat);
  if (chat.standing !== 'blocked') throw new ControlError(409, 'The customer has not blocked the bot.');
  return moveTo(state, bot, chat, 'open', 'kicked', 'member');
}

/** Removes the bot from a group. */
export function kick(state: TelegramState, bot: Bot, chat: Chat): { update_id?: number } {
  if (chat.info.type === 'private')
    throw new ControlError(409, 'A bot cannot be kicked from a private chat: use block.');
  return moveTo(state, bot, chat, 'kicked', 'member', 'kicked');
}

/** Deletes the customer's account or the group. Telegram: the bot receives no update. */
export function deactivate(state: TelegramState, bot: Bot, chat: Chat): { standing: Standing } {
  chat.standing = chat.info.type === 'private' ? 'deactivated' : 'deleted';
  state.publish('chat.changed', { bot_id: bot.id, chat_id: chat.info.id, standing: chat.standing });
  return { standing: chat.standing };
}

/** Converts a basic group to a supergroup with another id. Telegram: both chats get a service message. */
export function migrate(state: TelegramState, bot: Bot, chat: Chat): { chat_id: number } {
  if (chat.info.type !== 'group') throw new ControlError(409, 'Only a basic group can migrate to a supergroup.');
  const id = -1_000_000_000_000 + chat.info.id;
  const supergroup = newChat({ ...chat.info, id, type: 'supergroup' }, chat.user, 'open');
  bot.chats.set(id, supergroup);
  const message = {
    message_id: nextMessageId(bot, chat),
    from: chat.user,
    chat: chat.info,
    date: state.nowS(),
    migrate_to_chat_id: id,
  };
  addEntry(state, chat, { message, markup: undefined, sender: 'customer' });
  pushMessageUpdate(state, bot, chat, message, 'message');
  chat.standing = 'migrated';
  chat.migratedTo = id;
  const first = {
    message_id: nextMessageId(bot, supergroup),
    from: chat.user,
    chat: supergroup.info,
    date: state.nowS(),
    migrate_from_chat_id: chat.info.id,
  };
  addEntry(state, supergroup, { message: first, markup: undefined, sender: 'customer' });
  pushMessageUpdate(state, bot, supergroup, first, 'message');
  return { chat_id: id };
}

function moveTo(
  state: TelegramState,
  bot: Bot,
  chat: Chat,
  standing: Standing,
  before: MemberStatus,
  after: MemberStatus,
): { update_id?: number } {
  chat.standing = standing;
  const member = (status: MemberStatus) => ({
    user: bot.user,
    status,
    ...(status === 'kicked' ? { until_date: 0 } : {}),
  });
  const update = bot.updates.push({
    kind: 'my_chat_member',
    content: {
      chat: chat.info,
      from: chat.user,
      date: state.nowS(),
      old_chat_member: member(before),
      new_chat_member: member(after),
    },
    lane: `member:${chat.info.id}`,
    chatId: chat.info.id,
  });
  state.publish('chat.changed', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    standing,
    update_id: update?.updateId,
  });
  return update ? { update_id: update.updateId } : {};
}

function checkPrivate(chat: Chat): void {
  if (chat.info.type !== 'private') throw new ControlError(409, 'Only a person can block a bot: use kick in a group.');
}
