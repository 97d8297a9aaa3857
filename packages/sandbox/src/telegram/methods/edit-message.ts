import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../errors.ts';
import { fileContent, fileOfMessage } from '../files.ts';
import { isJsonObject, type JsonObject } from '../json-field.ts';
import { messageMarkup, normalizeMarkup, type ReplyMarkup, readMarkup } from '../markup.ts';
import { parametersOf } from '../parameters.ts';
import { recipientOf } from '../recipient.ts';
import { type Chat, type ChatEntry, findEntry, type Message } from '../world.ts';
import type { Method, MethodCall, MethodResult } from './method.ts';
import { captionOf, type Kind, readGiven } from './send-file.ts';
import { checkFormatting, textContent } from './send-message.ts';

const textParts = ['text', 'entities', 'caption', 'caption_entities'] as const;
const fileParts = ['photo', 'video', 'animation', 'audio', 'document'] as const;

/** What of a message an edit replaces. Its other parts stay. */
const partsOf = {
  text: ['text', 'entities'],
  caption: ['caption', 'caption_entities'],
  markup: [],
  media: [...textParts, ...fileParts],
} as const;

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

/** https://core.telegram.org/bots/api#editmessagemedia */
export const editMessageMedia: Method = (call) => {
  const given = readMedia(call.parameters.json('media', "Can't parse input media JSON object"));
  return edit(call, {
    part: 'media',
    readContent(message) {
      checkReplaceable(message, given.kind);
      const info = readGiven(call, given.kind, given.media);
      return { ...fileContent(given.kind, info), ...captionOf(parametersOf(given.item)) };
    },
  });
};

function readMedia(item: unknown): { readonly kind: Kind; readonly media: string; readonly item: JsonObject } {
  if (item === undefined) throw badRequest('parameter "media" is required');
  const wrong = (why: string) => badRequest(`Can't parse InputMedia: ${why}`);
  if (!isJsonObject(item)) throw wrong('expected an Object');
  const { type, media } = item;
  if (typeof type !== 'string') throw wrong('Can\'t find field "type"');
  if (typeof media !== 'string' || media === '') throw wrong('media not found');
  if (!fileParts.some((part) => part === type)) throw wrong(`type "${type}" is unsupported`);
  return { kind: type as Kind, media, item };
}

/** TDLib MessagesManager.cpp, edit_message_media: a text becomes a file, and the kinds of an album stay as they are. */
function checkReplaceable(message: Message, kind: Kind): void {
  const before = fileParts.find((part) => message[part] !== undefined);
  if (message.text === undefined && before === undefined) throw badRequest("Message media can't be edited");
  if (message.media_group_id === undefined || before === kind) return;
  if (kind === 'animation') throw badRequest("Message content type can't be used in an album");
  const isAlone = (one: string | undefined) => one === 'audio' || one === 'document';
  if (isAlone(before) || isAlone(kind)) throw badRequest("Can't change media type in the album");
}

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
