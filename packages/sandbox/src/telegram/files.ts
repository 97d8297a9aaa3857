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

/** A file that a customer sends. */
export interface SentFile extends GivenFile {
  readonly caption?: string | undefined;
  /**
   * The size that Telegram reports, in bytes. Default: the length of `bytes`. Above 20 MB the file cannot be
   * downloaded.
   */
  readonly size?: number | undefined;
  /** A preview image. */
  readonly thumbnail?: Buffer | undefined;
  /** For stickers. */
  readonly emoji?: string | undefined;
  /** For stickers that are not images. */
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
/** Telegram: files of these kinds have no file name. */
const kindsWithoutName: ReadonlySet<FileKind> = new Set(['photo', 'voice', 'video_note', 'sticker']);
const kindsWithoutCaption: ReadonlySet<FileKind> = new Set(['video_note', 'sticker']);
/** Telegram: an album has 2 to 10 items. */
const albumMax = 10;

export function sendFile(state: TelegramState, bot: Bot, chat: Chat, given: SentFile): Received & { file_id: string } {
  const { content, fileId } = messageContent(state, bot, given);
  return { ...receive(state, bot, chat, { content }), file_id: fileId };
}

/** Telegram: each file of an album is a message of its own; they share only `media_group_id`. */
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
  is_animated: motion === 'animated',
  is_video: motion === 'video',
  ...(emoji === undefined ? {} : { emoji }),
});

/** What Telegram reads from the content of a file of each kind. The sandbox reads no content, so all files are alike. */
const requiredDetails: Readonly<Record<FileKind, Partial<FileInfo>>> = {
  photo: {},
  document: {},
  voice: { duration: 3 },
  audio: { duration: 180 },
  video: { width: 1280, height: 720, duration: 10 },
  video_note: { length: 240, duration: 10 },
  animation: { width: 320, height: 240, duration: 2 },
  sticker: { type: 'regular', width: 512, height: 512, is_animated: false, is_video: false },
};

/**
 * The fields of a message with a file. Telegram: a photo is a list of sizes, the largest last; an animation is also a
 * document.
 */
export function fileContent(kind: FileKind, stored: FileInfo): Partial<Message> {
  const info = { ...requiredDetails[kind], ...stored };
  if (kind === 'animation') return { animation: info, document: stored };
  if (kind !== 'photo') return { [kind]: info };
  const thumbnail = { ...info, file_id: `${info.file_id}s`, file_unique_id: `${info.file_unique_id}s` };
  return {
    photo: [
      { ...thumbnail, width: 90, height: 60 },
      { ...info, width: 1280, height: 853 },
    ],
  };
}

/** The file of a message; for a photo its largest size. */
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
  forgetOldFiles(bot, state.options.memory?.fileBytesPerBot ?? Number.POSITIVE_INFINITY);
  return file;
}

function forgetOldFiles({ files }: Bot, bytesMax: number): void {
  if (bytesMax === Number.POSITIVE_INFINITY) return;
  let bytes = [...new Set(files.values())].reduce((sum, file) => sum + file.bytes.length, 0);
  for (const [fileId, file] of files) {
    if (bytes <= bytesMax) return;
    files.delete(fileId);
    if (![...files.values()].includes(file)) bytes -= file.bytes.length;
  }
}
