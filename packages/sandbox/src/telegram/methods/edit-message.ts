import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../errors.ts';
import { fileOfMessage } from '../files.ts';
import { messageMarkup, normalizeMarkup, type ReplyMarkup, readMarkup } from '../markup.ts';
import { recipientOf } from '../recipient.ts';
import { type Chat, type ChatEntry, findEntry, type Message } from '../world.ts';
import type { Method, MethodCall, MethodResult } from './method.ts';
import { captionOf } from './send-file.ts';
import { checkFormatting, textContent } from './send-message.ts';

/** What of a message an edit replaces. Its other parts stay. */
const partsOf = { text: ['text', 'entities'], caption: ['caption', 'caption_entities'], markup: [] } as const;

interface Edit {
  readonly part: keyof typeof partsOf;
  /** TDLib finds the message before it reads what replaces its content. */
  readonly readContent: (message: Message) => Partial<Message>;
}

export const editMessageText: Method = (call) => {
  const raw = call.parameters.text('text');
  checkFormatting(call.parameters, raw);
  return edit(call, {
    part: 'text',
    readContent(message) {
      // TDLib MessagesManager.cpp, edit_message_text.
      if (message.text === undefined) throw badRequest('There is no text in the message to edit');
      return textContent(call.parameters, raw);
    },
  });
};

export const editMessageCaption: Method = (call) =>
  edit(call, {
    part: 'caption',
    readContent(message) {
      // TDLib MessagesManager.cpp, edit_message_caption.
      const isCaptioned = fileOfMessage(message) !== undefined && !message.sticker && !message.video_note;
      if (!isCaptioned) throw badRequest('There is no caption in the message to edit');
      return captionOf(call.parameters);
    },
  });

export const editMessageReplyMarkup: Method = (call) => edit(call, { part: 'markup', readContent: () => ({}) });

function edit(call: MethodCall, { part, readContent }: Edit): MethodResult {
  const { state, bot, parameters } = call;
  const given = readMarkup(parameters);
  const messageId = parameters.integer('message_id', 0);
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  if (messageId <= 0) throw badRequest('Message identifier is not specified');
  const entry = findEditableEntry(chat, messageId);
  if (given !== undefined && !('inline_keyboard' in given)) throw badRequest('Inline keyboard expected');
  const markup = normalizeMarkup(given, chat.info.type);
  const changed = withContent(entry.message, partsOf[part], readContent(entry.message), markup);
  if (isSame(entry.message, changed))
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  entry.message = { ...changed, edit_date: state.nowS() };
  entry.markup = markup;
  state.publish('message.edited', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    message_id: messageId,
    text: changed.text ?? changed.caption,
    by: 'bot',
  });
  return { result: entry.message };
}

function findEditableEntry(chat: Chat, messageId: number): ChatEntry {
  const entry = findEntry(chat, messageId);
  if (!entry) throw badRequest('Message to edit not found');
  const hasOtherMarkup = entry.markup !== undefined && !('inline_keyboard' in entry.markup);
  if (entry.sender !== 'bot' || hasOtherMarkup) throw badRequest("Message can't be edited");
  return entry;
}

const contentOf = ({ edit_date: _, ...content }: Message): Partial<Message> => content;

const isSame = (before: Message, after: Message): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(contentOf(before))), JSON.parse(JSON.stringify(contentOf(after))));

function withContent(
  message: Message,
  parts: readonly (keyof Message)[],
  content: Partial<Message>,
  markup: ReplyMarkup | undefined,
): Message {
  const replaced: ReadonlySet<string> = new Set([...parts, 'reply_markup']);
  const kept = Object.fromEntries(Object.entries(message).filter(([name]) => !replaced.has(name))) as typeof message;
  const shown = messageMarkup(markup);
  return { ...kept, ...content, ...(shown ? { reply_markup: shown } : {}) };
}
