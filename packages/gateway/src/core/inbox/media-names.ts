import type { MediaKind } from '../message/content.ts';
import { type MarkText, markText } from '../message/mark-text.ts';

/** What agents call the kinds of files, one and many. */
export const mediaNames: Readonly<Record<MediaKind, readonly [one: MarkText, many: MarkText]>> = {
  photo: [markText`photo`, markText`photos`],
  document: [markText`document`, markText`documents`],
  voice: [markText`voice message`, markText`voice messages`],
  audio: [markText`audio file`, markText`audio files`],
  video: [markText`video`, markText`videos`],
  'video-note': [markText`video note`, markText`video notes`],
  animation: [markText`animation`, markText`animations`],
  sticker: [markText`sticker`, markText`stickers`],
};

const mebibyte = 1024 * 1024;

/** Counts like Telegram's apps: 1 MB is 1024 · 1024 bytes. */
export function sizeText(bytes: number): MarkText {
  if (bytes < 1024) return markText`${bytes} bytes`;
  if (bytes < mebibyte) return markText`${Math.round(bytes / 1024)} KB`;
  const megabytes = bytes / mebibyte;
  return markText`${megabytes < 10 ? Number(megabytes.toFixed(1)) : Math.round(megabytes)} MB`;
}
