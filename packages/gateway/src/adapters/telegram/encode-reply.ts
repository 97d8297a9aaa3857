import type { InboxAttachment } from '../../core/inbox/inbox-event.ts';
import type { OutgoingReply } from '../../core/inbox/prepare-reply.ts';
import type { Controls } from '../../core/message/content.ts';
import type { RichText } from '../../core/message/rich-text.ts';
import type { Activity, EncodedReply, ReplyChat } from '../../ports/channel.ts';
import { chatIdOnWire } from './encode.ts';
import { entitiesOf } from './entities.ts';
import { controlsOfReply, markupOfReply } from './reply-controls.ts';
import { textPieces } from './split-rich-text.ts';
import type { WireFile } from './wire-file.ts';

/** Telegram: 1024 code points under a file. */
export const captionMax = 1024;

interface Part {
  readonly text: RichText | null;
  readonly attachment: InboxAttachment | null;
}

/**
 * An agent's reply as messages, in order: the words, under the first file where they fit there, and a message for each
 * file. Formatting goes as entities, which cannot be malformed, so that no formatting ever fails a send; buttons are
 * under the last words. How a file is sent depends on its bytes, once they are fetched.
 */
export function encodeReply(chat: ReplyChat, reply: OutgoingReply): readonly EncodedReply[] {
  const parts = partsOf(reply);
  // No file that cannot be sent may take the buttons with it.
  const lastWords = parts.findLastIndex(({ text }) => text !== null);
  const withButtons = lastWords < 0 ? parts.length - 1 : lastWords;
  return parts.map((part, index) =>
    encodePart(chat, part, index === withButtons ? controlsOfReply(reply) : { kind: 'none' }),
  );
}

function partsOf({ body, attachments, areWordsApart = false }: OutgoingReply): readonly Part[] {
  const texts = textPieces(body);
  const [first, ...others] = attachments;
  const [only = null, ...more] = texts;
  const fitsUnderFile = more.length === 0 && [...(only?.text ?? '')].length <= captionMax;
  if (first !== undefined && fitsUnderFile && !areWordsApart) {
    return [{ text: only, attachment: first }, ...others.map((attachment) => ({ text: null, attachment }))];
  }
  return [
    ...texts.map((text) => ({ text, attachment: null })),
    ...attachments.map((attachment) => ({ text: null, attachment })),
  ];
}

function encodePart(chat: ReplyChat, { text, attachment }: Part, controls: Controls): EncodedReply {
  const markup = markupOfReply(controls);
  const entities = text === null ? [] : entitiesOf(text.spans);
  const place = { chat_id: chatIdOnWire(chat.chatId), ...topicOnWire(chat) };
  const buttons = markup === null ? {} : { reply_markup: markup };
  const said = text?.text ?? '';
  const topic = chat.topicId === null ? {} : { topicId: chat.topicId };
  if (attachment === null) {
    return {
      wire: { ...place, text: said, ...(entities.length === 0 ? {} : { entities }), ...buttons },
      content: { text: said, controls, ...topic },
      activity: null,
    };
  }
  const { url, name, mediaType } = attachment;
  const file: WireFile = { url, name, media_type: mediaType };
  const caption = said === '' ? {} : { caption: said };
  return {
    wire: { ...place, file, ...caption, ...(entities.length === 0 ? {} : { caption_entities: entities }), ...buttons },
    content: { text: said, controls, file: { name }, ...topic },
    activity: activityFor(attachment),
  };
}

/** The gateway gives the topics of a channel's direct messages negative ids; see `chatOf`. */
export function topicOnWire({ topicId }: ReplyChat): {
  readonly message_thread_id?: number;
  readonly direct_messages_topic_id?: number;
} {
  const topic = Number(topicId ?? 0);
  if (topic === 0) return {};
  return topic > 0 ? { message_thread_id: topic } : { direct_messages_topic_id: -topic };
}

/** By its name and its declared type: its bytes are not fetched yet. */
function activityFor({ url, name, mediaType }: InboxAttachment): Activity {
  const kind = mediaType?.split('/')[0];
  const ending = /\.(\w{2,5})$/.exec(name ?? new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  if (kind === 'image' || ['jpg', 'jpeg', 'png', 'webp'].includes(ending)) return 'photo';
  if (kind === 'video' || ['mp4', 'gif'].includes(ending)) return 'video';
  return kind === 'audio' || ['ogg', 'oga', 'mp3', 'm4a'].includes(ending) ? 'voice' : 'document';
}
