import { ControlError } from '../control-error.ts';
import { type Received, receive } from './incoming.ts';
import type { TelegramState } from './state.ts';
import type { Bot, Chat, FileInfo, Message, StoredFile } from './world.ts';

export const fileKinds = [
  'photo',
  'document',
  'voice',
  'audio',
  'video',
  'video_note',
  'animation',
  'sticker',
] as const;

export type FileKind = (typeof fileKinds)[number];

export interface GivenFile {
  readonly kind: FileKind;
  readonly bytes: Buffer;
  readonly file_name?: string | undefined;
  readonly mime_type?: string | undefined;
}

/** What a customer sends. */
export interface SentFile extends GivenFile {
  readonly caption?: string | undefined;
  /** What Telegram believes its size to be; the bytes' own length unless given. Above 20 MB it cannot be downloaded. */
  readonly size?: number | undefined;
  /** A still image of it. */
  readonly thumbnail?: Buffer | undefined;
  /** Of a sticker. */
  readonly emoji?: string | undefined;
  /** Of a sticker: `animated` and `video` are no images. */
  readonly motion?: 'animated' | 'video' | undefined;
  readonly performer?: string | undefined;
  readonly title?: string | undefined;
}

const folders: Readonly<Record<FileKind, string>> = {
  photo: 'photos',
  document: 'documents',
  voice: 'voice',
  audio: 'music',
  video: 'videos',
  video_note: 'video_notes',
  animation: 'animations',
  sticker: 'stickers',
};
const fileEndings: Readonly<Record<FileKind, string>> = {
  photo: '.jpg',
  document: '',
  voice: '.oga',
  audio: '.mp3',
  video: '.mp4',
  video_note: '.mp4',
  animation: '.mp4',
  sticker: '.webp',
};
/** Telegram: these carry no file name. */
const kindsWithoutName: ReadonlySet<FileKind> = new Set(['photo', 'voice', 'video_note', 'sticker']);
const kindsWithoutCaption: ReadonlySet<FileKind> = new Set(['video_note', 'sticker']);
/** Telegram: an album has 2 to 10 items. */
const albumMax = 10;

export function sendFile(state: TelegramState, bot: Bot, chat: Chat, given: SentFile): Received & { file_id: string } {
  const { content, fileId } = messageContent(state, bot, given);
  return { ...receive(state, bot, chat, { content }), file_id: fileId };
}

/** Telegram: one message a file, one after the other, with nothing in common but `media_group_id`. */
export function sendAlbum(
  state: TelegramState,
  bot: Bot,
  chat: Chat,
  given: readonly SentFile[],
): readonly (Received & { file_id: string })[] {
  if (given.length < 2 || given.length > albumMax) throw new ControlError(400, 'Give "files" as a list of 2 to 10.');
  const albumId = `13${String(state.nextSerial()).padStart(15, '0')}`;
  return given.map((file) => {
    const { content, fileId } = messageContent(state, bot, file);
    const received = receive(state, bot, chat, { content: { ...content, media_group_id: albumId } });
    return { ...received, file_id: fileId };
  });
}

function messageContent(
  state: TelegramState,
  bot: Bot,
  given: SentFile,
): { readonly content: Partial<Message>; readonly fileId: string } {
  const { info } = storeFile(state, bot, given, given.size);
  const thumbnail = given.thumbnail && storeFile(state, bot, { kind: 'photo', bytes: given.thumbnail }).info;
  const details: FileInfo = {
    ...info,
    ...(thumbnail === undefined ? {} : { thumbnail: { ...thumbnail, width: 128, height: 128 } }),
    ...(given.performer === undefined ? {} : { performer: given.performer }),
    ...(given.title === undefined ? {} : { title: given.title }),
    ...(given.kind === 'sticker' ? stickerDetails(given) : {}),
  };
  const hasCaption = given.caption !== undefined && !kindsWithoutCaption.has(given.kind);
  const content = { ...fileContent(given.kind, details), ...(hasCaption ? { caption: given.caption } : {}) };
  return { content, fileId: info.file_id };
}

const stickerDetails = ({ emoji, motion }: SentFile): Partial<FileInfo> => ({
  width: 512,
  height: 512,
  is_animated: motion === 'animated',
  is_video: motion === 'video',
  ...(emoji === undefined ? {} : { emoji }),
});

/** How a file stands in a message: a photo as a list of sizes, the last the largest; an animation as a document too. */
export function fileContent(kind: FileKind, info: FileInfo): Partial<Message> {
  if (kind === 'animation') return { animation: info, document: info };
  if (kind !== 'photo') return { [kind]: info };
  const thumbnail = { ...info, file_id: `${info.file_id}s`, file_unique_id: `${info.file_unique_id}s` };
  return {
    photo: [
      { ...thumbnail, width: 90, height: 60 },
      { ...info, width: 1280, height: 853 },
    ],
  };
}

/** The file that a message carries; of a photo the largest size. */
export function fileOfMessage(message: Message): FileInfo | undefined {
  const { animation, document, voice, audio, video, video_note, sticker, photo } = message;
  return photo?.at(-1) ?? animation ?? document ?? voice ?? audio ?? video ?? video_note ?? sticker;
}

export function storeFile(state: TelegramState, bot: Bot, given: GivenFile, size?: number): StoredFile {
  const serial = state.nextSerial();
  const fileId = `AgAC-${bot.id}-${serial}`;
  const named = /\.[a-z0-9]+$/i.exec(given.file_name ?? '')?.[0] ?? fileEndings[given.kind];
  const hasName = !kindsWithoutName.has(given.kind);
  const hasType = given.kind !== 'photo' && given.kind !== 'sticker' && given.kind !== 'video_note';
  const file: StoredFile = {
    info: {
      file_id: fileId,
      file_unique_id: `AQAD${serial}`,
      file_size: size ?? given.bytes.length,
      ...(given.file_name === undefined || !hasName ? {} : { file_name: given.file_name }),
      ...(given.mime_type === undefined || !hasType ? {} : { mime_type: given.mime_type }),
    },
    path: `${folders[given.kind]}/file_${serial}${named}`,
    bytes: given.bytes,
  };
  bot.files.set(fileId, file);
  if (given.kind === 'photo') bot.files.set(`${fileId}s`, file);
  return file;
}
