import type { OutboundContent } from '../../core/message/content.ts';
import type { EncodedEdit, OutgoingEdit } from '../../core/message/outgoing.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire, markupOnWire } from './encode.ts';
import { isShown, previewOf } from './encode-message.ts';
import { controlsOfMessage, markupOfMessage } from './markup-of-message.ts';
import { encodeReplacement, isAlbum } from './replace-file.ts';
import { entitiesOfText } from './text-entities.ts';
import { asList, asObject } from './untrusted.ts';

/**
 * An edit of a message that was sent. Telegram: each edit replaces the buttons too, so that those that stay are sent again
 * (https://core.telegram.org/bots/api#editmessagetext). No changes if it changes nothing that Telegram knows of.
 */
export function encodeEdit(edit: OutgoingEdit): EncodedEdit {
  const { content, words, buttons, onTap } = edit;
  const markup = buttons === undefined || buttons === null ? null : markupOfMessage({ buttons }, edit.nonce);
  const below = belowOf(edit, markup === null ? null : markupOnWire(markup));
  const shown = shownOf(edit);
  const replaced = encodeReplacement(edit, shown.words, below);
  const changesWords = words !== null && replaced?.hasWords !== true;
  const changes = changesWords || (buttons !== undefined && replaced === null);
  const place = placeOf(edit.chatId, edit.channelMessageId);
  return {
    changes: [
      ...(replaced === null ? [] : [replaced.change]),
      ...(changes ? [{ ...shown.method, ...place, ...shown.words, ...below }] : []),
    ],
    wire: { ...(replaced?.wire ?? wireWithWords(edit, shown.words)), reply_markup: below.reply_markup },
    content: {
      ...content,
      ...(words === null ? {} : { text: words.text, spans: words.spans.filter(isShown) }),
      ...(buttons === undefined ? {} : { controls: controlsOfMessage({ buttons: buttons ?? undefined }, markup) }),
      ...(onTap === undefined ? {} : { onTap }),
      ...(replaced === null ? {} : { file: undefined, files: replaced.files }),
    },
  };
}

/** Telegram: https://core.telegram.org/bots/api#deletemessage */
export const encodeDeletion = (chatId: string, channelMessageIds: readonly string[]): readonly Wire[] =>
  channelMessageIds.map((id) => ({ method: 'deleteMessage', ...placeOf(chatId, id) }));

const placeOf = (chatId: string, channelMessageId: string): Wire => ({
  chat_id: chatIdOnWire(chatId),
  message_id: Number(channelMessageId),
});

function belowOf({ buttons, areButtonsGone, wire }: OutgoingEdit, given: unknown): { readonly reply_markup?: unknown } {
  if (buttons !== undefined) return given === null ? {} : { reply_markup: given };
  const before = asObject<{ inline_keyboard: unknown }>(wire['reply_markup']);
  return before?.inline_keyboard === undefined || areButtonsGone ? {} : { reply_markup: before };
}

/** The words of an album are those of its first file. */
function wireWithWords({ wire, content }: OutgoingEdit, words: Wire): Wire {
  if (!isAlbum(content)) return { ...wire, ...words };
  const [first, ...others] = asList(wire['media']);
  return { ...wire, media: [{ ...asObject<object>(first), ...words }, ...others] };
}

const hasFile = ({ file, files = [] }: OutboundContent): boolean => file !== undefined || files.length > 0;

function shownOf({ content, words, linkPreview, replacement }: OutgoingEdit): {
  readonly method: Wire;
  readonly words: Wire;
} {
  if (words === null) return { method: { method: 'editMessageReplyMarkup' }, words: {} };
  const { text } = words;
  const entities = entitiesOfText(words.spans);
  if (hasFile(content) || replacement !== null)
    return {
      method: { method: 'editMessageCaption' },
      words: { caption: text, ...(entities.length === 0 ? {} : { caption_entities: entities }) },
    };
  return {
    method: { method: 'editMessageText' },
    words: { text, ...(entities.length === 0 ? {} : { entities }), ...previewOf(linkPreview) },
  };
}
