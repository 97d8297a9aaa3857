import { badRequest } from '../errors.ts';
import { messageMarkup, normalizeMarkup, type ReplyMarkup, readMarkup } from '../markup.ts';
import { recipientOf } from '../recipient.ts';
import { type Chat, type ChatEntry, findEntry, type Message } from '../world.ts';
import type { Method, MethodCall, MethodResult } from './method.ts';
import { checkFormatting, textContent } from './send-message.ts';

export const editMessageText: Method = (call) => {
  const raw = call.parameters.text('text');
  checkFormatting(call.parameters, raw);
  return edit(call, () => textContent(call.parameters, raw));
};

export const editMessageReplyMarkup: Method = (call) => edit(call, () => ({}));

function edit(call: MethodCall, content: () => Partial<Message>): MethodResult {
  const { state, bot, parameters } = call;
  const given = readMarkup(parameters);
  const messageId = parameters.integer('message_id', 0);
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  if (messageId <= 0) throw badRequest('Message identifier is not specified');
  const entry = findEditableEntry(chat, messageId);
  if (given !== undefined && !('inline_keyboard' in given)) throw badRequest('Inline keyboard expected');
  const markup = normalizeMarkup(given, chat.info.type);
  const newContent = content();
  const changed = withContent(entry, newContent, markup, state.nowS());
  if (isSame(entry, newContent, markup))
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  entry.message = changed;
  entry.markup = markup;
  state.publish('message.edited', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    message_id: messageId,
    text: changed.text,
    by: 'bot',
  });
  return { result: changed };
}

function findEditableEntry(chat: Chat, messageId: number): ChatEntry {
  const entry = findEntry(chat, messageId);
  if (!entry) throw badRequest('Message to edit not found');
  const hasOtherMarkup = entry.markup !== undefined && !('inline_keyboard' in entry.markup);
  if (entry.sender !== 'bot' || hasOtherMarkup) throw badRequest("Message can't be edited");
  return entry;
}

const isSame = (entry: ChatEntry, content: Partial<Message>, markup: ReplyMarkup | undefined): boolean =>
  (content.text === undefined || content.text === entry.message.text) &&
  JSON.stringify(markup) === JSON.stringify(entry.markup);

function withContent(
  entry: ChatEntry,
  content: Partial<Message>,
  markup: ReplyMarkup | undefined,
  nowS: number,
): Message {
  const { reply_markup: _, ...message } = entry.message;
  const { entities: __, ...bare } = message;
  const shown = messageMarkup(markup);
  return {
    ...(content.text === undefined ? message : bare),
    ...content,
    edit_date: nowS,
    ...(shown ? { reply_markup: shown } : {}),
  };
}
