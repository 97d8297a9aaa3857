import { ControlError } from '../control-error.ts';
import type { TelegramState } from './state.ts';
import type { Bot, Chat } from './world.ts';

/** Sends the bot an update as given, with the next id unless it has one of its own: for kinds that the sandbox does not simulate, and for hostile content. */
export function sendRawUpdate(
  state: TelegramState,
  bot: Bot,
  chat: Chat,
  update: Readonly<Record<string, unknown>>,
): { update_id?: number } {
  const fields = Object.entries(update).filter(([name]) => name !== 'update_id');
  const updateId = chosenId(update['update_id']);
  const [field] = fields;
  if (!field || fields.length > 1)
    throw new ControlError(400, 'Give "update" with exactly one field, named for its kind: {"message": {…}}.');
  const [kind, content] = field;
  const pushed = bot.updates.push({
    kind,
    content,
    lane: `chat:${chat.info.id}`,
    chatId: chat.info.id,
    planted: true,
    ...updateId,
  });
  state.publish('update.injected', { bot_id: bot.id, chat_id: chat.info.id, kind, update_id: pushed?.updateId });
  return pushed ? { update_id: pushed.updateId } : {};
}

function chosenId(given: unknown): { readonly updateId?: number } {
  if (given === undefined) return {};
  if (typeof given !== 'number') throw new ControlError(400, 'Give "update.update_id" as a number, or leave it out.');
  return { updateId: checkUpdateId(given) };
}

export function checkUpdateId(updateId: number): number {
  if (Number.isSafeInteger(updateId) && updateId > 0) return updateId;
  throw new ControlError(400, 'Give the id of an update as a positive whole number.');
}

/** Sends the bot its last update again, as Telegram does when a confirmation was lost. */
export function repeatLastUpdate(state: TelegramState, bot: Bot, chat: Chat): { update_id?: number } {
  const repeated = bot.updates.repeatLast();
  if (!repeated) throw new ControlError(409, 'The bot has received no update yet.');
  state.publish('update.repeated', { bot_id: bot.id, chat_id: chat.info.id, update_id: repeated.updateId });
  return { update_id: repeated.updateId };
}
