import type { OutboundContent } from '../../core/message/content.ts';
import type { EncodedEdit, OutgoingEdit } from '../../core/message/outgoing.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire, markupOnWire } from './encode.ts';
import { isShown, previewOf } from './encode-message.ts';
import { controlsOfMessage, markupOfMessage } from './markup-of-message.ts';
import { entitiesOfText } from './text-entities.ts';
import { asObject } from './untrusted.ts';

/**
 * An edit of a message that was sent. Telegram: each edit replaces the buttons too, so that those that stay are sent again
 * (https://core.telegram.org/bots/api#editmessagetext). Null if it changes nothing that Telegram knows of.
 */
export function encodeEdit(edit: OutgoingEdit): EncodedEdit {
  const { content, words, buttons, onTap } = edit;
  const markup = buttons === undefined || buttons === null ? null : markupOfMessage({ buttons }, edit.nonce);
  const below = belowOf(edit, markup === null ? null : markupOnWire(markup));
  const shown = shownOf(edit);
  const changes = words !== null || buttons !== undefined;
  return {
    change: changes ? { ...shown.method, ...placeOf(edit), ...shown.words, ...below } : null,
    wire: { ...edit.wire, ...shown.words, reply_markup: below.reply_markup },
    content: {
      ...content,
      ...(words === null ? {} : { text: words.text, spans: words.spans.filter(isShown) }),
      ...(buttons === undefined ? {} : { controls: controlsOfMessage({ buttons: buttons ?? undefined }, markup) }),
      ...(onTap === undefined ? {} : { onTap }),
    },
  };
}

/** Telegram: https://core.telegram.org/bots/api#deletemessage */
export const encodeDeletion = (chatId: string, channelMessageIds: readonly string[]): readonly Wire[] =>
  channelMessageIds.map((id) => ({ method: 'deleteMessage', chat_id: chatIdOnWire(chatId), message_id: Number(id) }));

const placeOf = ({ chatId, channelMessageId }: OutgoingEdit): Wire => ({
  chat_id: chatIdOnWire(chatId),
  message_id: Number(channelMessageId),
});

function belowOf({ buttons, areButtonsGone, wire }: OutgoingEdit, given: unknown): { readonly reply_markup?: unknown } {
  if (buttons !== undefined) return given === null ? {} : { reply_markup: given };
  const before = asObject<{ inline_keyboard: unknown }>(wire['reply_markup']);
  return before?.inline_keyboard === undefined || areButtonsGone ? {} : { reply_markup: before };
}

const hasFile = ({ file, files = [] }: OutboundContent): boolean => file !== undefined || files.length > 0;

function shownOf({ content, words, linkPreview }: OutgoingEdit): { readonly method: Wire; readonly words: Wire } {
  if (words === null) return { method: { method: 'editMessageReplyMarkup' }, words: {} };
  const { text } = words;
  const entities = entitiesOfText(words.spans);
  if (hasFile(content))
    return {
      method: { method: 'editMessageCaption' },
      words: { caption: text, ...(entities.length === 0 ? {} : { caption_entities: entities }) },
    };
  return {
    method: { method: 'editMessageText' },
    words: { text, ...(entities.length === 0 ? {} : { entities }), ...previewOf(linkPreview) },
  };
}
