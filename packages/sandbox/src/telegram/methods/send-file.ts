import { BotApiError, badRequest } from '../errors.ts';
import { fileContent, storeFile } from '../files.ts';
import { entitiesOf } from '../given-entities.ts';
import type { UploadedFile } from '../multipart.ts';
import { sendFromBot } from '../outgoing.ts';
import type { Parameters } from '../parameters.ts';
import { cleanText, countCodePoints } from '../text.ts';
import { parseUrl } from '../url.ts';
import type { FileInfo, Message } from '../world.ts';
import type { Method, MethodCall } from './method.ts';

const captionLimitCodePoints = 1024;
/** Telegram: bots can upload files of up to 50 MB to the cloud API, and photos of up to 10 MB to any server. */
const uploadLimitBytes = 50 * 1024 * 1024;
const photoLimitBytes = 10 * 1024 * 1024;

export type Kind = 'photo' | 'document' | 'voice' | 'audio' | 'video' | 'animation' | 'sticker';

const createSendMethod =
  (kind: Kind, method: string): Method =>
  (call) => {
    const { state, bot, parameters } = call;
    const info = readFile(call, kind);
    const readContent = () => ({
      ...fileContent(kind, info),
      ...(kind === 'sticker' ? {} : captionOf(parameters)),
    });
    return { result: sendFromBot(state, { method, bot, parameters, readContent }) };
  };

/** The caption of a file. Telegram: a sticker has none, and ignores one. */
export function captionOf(parameters: Parameters): Partial<Message> {
  const raw = parameters.text('caption');
  const caption = cleanText(raw).trim();
  if (countCodePoints(caption) > captionLimitCodePoints) throw badRequest('Message caption is too long');
  const entities = entitiesOf(parameters, 'caption_entities', raw, caption);
  return {
    ...(caption === '' ? {} : { caption }),
    ...(entities.length === 0 ? {} : { caption_entities: entities }),
  };
}

export const sendPhoto = createSendMethod('photo', 'sendPhoto');
export const sendDocument = createSendMethod('document', 'sendDocument');
export const sendVoice = createSendMethod('voice', 'sendVoice');
export const sendAudio = createSendMethod('audio', 'sendAudio');
export const sendVideo = createSendMethod('video', 'sendVideo');
export const sendAnimation = createSendMethod('animation', 'sendAnimation');
export const sendSticker = createSendMethod('sticker', 'sendSticker');

function readFile(call: MethodCall, kind: Kind): FileInfo {
  const upload = call.parameters.file(kind);
  if (upload) return storeUpload(call, kind, upload);
  const given = call.parameters.text(kind);
  if (given === '') throw badRequest(`there is no ${kind} in the request`);
  return readGiven(call, kind, given);
}

/**
 * Reads an upload that `attach://` names, the id of a stored file, or an address that Telegram would fetch (the sandbox does not
 * fetch it).
 */
export function readGiven(call: MethodCall, kind: Kind, given: string): FileInfo {
  const { state, bot, parameters } = call;
  const attached = /^attach:\/\/(.+)$/.exec(given)?.[1];
  const upload = attached === undefined ? undefined : parameters.file(attached);
  if (upload) return storeUpload(call, kind, upload);
  const known = bot.files.get(given);
  if (known) return known.info;
  const url = parseUrl(given);
  if (!url.ok || !url.value.host.includes('.')) throw badRequest('Wrong file identifier/HTTP URL specified');
  return storeFile(state, bot, { kind, bytes: Buffer.alloc(0), file_name: given.split('/').at(-1) }).info;
}

function storeUpload({ state, bot }: MethodCall, kind: Kind, upload: UploadedFile): FileInfo {
  checkUpload(upload, kind, state.options.localMode === true);
  const { bytes, fileName: file_name, mimeType: mime_type } = upload;
  return storeFile(state, bot, { kind, bytes, file_name, mime_type }).info;
}

function checkUpload({ bytes }: UploadedFile, kind: Kind, isLocal: boolean): void {
  if (bytes.length > uploadLimitBytes && !isLocal) throw new BotApiError(413, 'Request Entity Too Large');
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (kind !== 'photo') return;
  if (bytes.length > photoLimitBytes) {
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${photoLimitBytes} bytes`,
    );
  }
  if (!isImage(bytes)) throw badRequest('IMAGE_PROCESS_FAILED');
}

/** Telegram: JPEG, PNG, WebP and a few other formats are accepted as photos. */
const isImage = (bytes: Buffer): boolean =>
  ['\xff\xd8\xff', '\x89PNG', 'GIF8'].some((start) => bytes.subarray(0, start.length).toString('latin1') === start) ||
  bytes.subarray(8, 12).toString('latin1') === 'WEBP';
