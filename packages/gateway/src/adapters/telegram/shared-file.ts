import type { Audio, Document, LivePhoto, Message, PhotoSize, Sticker } from '@grammyjs/types';
import type { InboundContent, MediaKind, SharedFile } from '../../core/message/content.ts';
import { markText } from '../../core/message/mark-text.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { spansOf } from './formatting.ts';
import { asInteger, asList, asObject, asText, type Untrusted } from './untrusted.ts';

/** Telegram: an animation also sets `document`, so that it comes first. */
const plainFields = [
  ['animation', 'animation'],
  ['document', 'document'],
  ['voice', 'voice'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['video_note', 'video-note'],
] as const satisfies readonly (readonly [keyof Message, MediaKind])[];

/** The file that a message carries; null if it carries none that can be named. */
export function fileContent(message: Untrusted<Message>): InboundContent | null {
  const file = photoOf(message) ?? plainFileOf(message);
  if (file === null) return stickerContent(asObject<Sticker>(message.sticker));
  return { kind: 'file', ...file, ...captionOf(message) };
}

function captionOf(message: Untrusted<Message>): Pick<SharedFile, 'caption' | 'captionSpans'> {
  const given = asText(message.caption) ?? '';
  const caption = given.trim();
  if (caption === '') return { caption: null };
  const trimmed = given.length - given.trimStart().length;
  const captionSpans = spansOf(message.caption_entities, caption.length, trimmed);
  return captionSpans === undefined ? { caption } : { caption, captionSpans };
}

function photoOf(message: Untrusted<Message>): SharedFile | null {
  return photoFileOf(message.photo ?? asObject<LivePhoto>(message.live_photo)?.photo);
}

/** Telegram: a photo comes in several sizes. The largest counts. */
export function photoFileOf(given: unknown): SharedFile | null {
  const sizes = asList(given).flatMap((value) => asObject<PhotoSize>(value) ?? []);
  const area = (size: Untrusted<PhotoSize>) => (asInteger(size.width) ?? 0) * (asInteger(size.height) ?? 0);
  const [largest] = sizes.reverse().sort((a, b) => area(b) - area(a));
  return largest === undefined ? null : fileOf('photo', largest);
}

function plainFileOf(message: Untrusted<Message>): SharedFile | null {
  for (const [field, media] of plainFields) {
    const file = namedFileOf(media, message[field]);
    if (file !== null) return file;
  }
  return null;
}

/** The file that Telegram describes, by its own name or by its performer and title. Null if it cannot be fetched. */
export function namedFileOf(media: MediaKind, given: unknown): SharedFile | null {
  const value = asObject<Document & Audio>(given);
  const file = value && fileOf(media, value);
  return file === null || file.name !== null ? file : { ...file, name: titleOf(value) };
}

function fileOf(media: MediaKind, value: Untrusted<Document>): SharedFile | null {
  const fileId = asText(value.file_id);
  if (fileId === null || fileId === '') return null;
  return {
    media,
    fileId,
    fileUniqueId: asText(value.file_unique_id),
    name: visibleName(asText(value.file_name)),
    mediaType: asText(value.mime_type),
    sizeBytes: asInteger(value.file_size),
    caption: null,
  };
}

/** A piece of music is named by who plays it and what it is called. */
function titleOf(audio: Untrusted<Audio> | null): string | null {
  const title = [audio?.performer, audio?.title].flatMap((part) => visibleName(asText(part)) ?? []);
  return title.length === 0 ? null : title.join(' - ');
}

/**
 * Telegram: a static sticker is a WebP image. An animated one is in a format of Telegram's own and a video sticker has
 * no sound and a transparent ground, which inboxes do not show: their thumbnail is shown instead.
 */
function stickerContent(sticker: Untrusted<Sticker> | null): InboundContent | null {
  if (sticker === null) return null;
  const moves = sticker.is_animated === true || sticker.is_video === true;
  const shown = moves ? asObject<PhotoSize>(sticker.thumbnail) : sticker;
  const file = shown && fileOf('sticker', shown);
  const emoji = asText(sticker.emoji);
  if (file) return { kind: 'file', ...file, caption: emoji };
  return moves && asText(sticker.file_id) !== null
    ? {
        kind: 'described',
        text: emoji ?? 'sticker',
        mark: markText`sent an animated sticker, which has no still image`,
      }
    : null;
}
