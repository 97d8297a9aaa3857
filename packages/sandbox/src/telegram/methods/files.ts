import { badRequest } from '../errors.ts';
import { fileContent, storeFile } from '../files.ts';
import { sendOut } from '../outgoing.ts';
import { checkReachable, recipientOf } from '../recipient.ts';
import { cleanText, countCodePoints } from '../text.ts';
import { parseUrl } from '../url.ts';
import type { FileInfo } from '../world.ts';
import type { Method, MethodCall } from './method.ts';

/** Telegram: bots download files of up to 20 MB. */
const DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024;
const CAPTION_LIMIT_CODE_POINTS = 1024;
const ACTIONS = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio upload_document choose_sticker find_location record_video_note upload_video_note'.split(
    ' ',
  ),
);

export const sendPhoto: Method = (call) => sendMedia(call, 'photo', 'sendPhoto');

export const sendDocument: Method = (call) => sendMedia(call, 'document', 'sendDocument');

function sendMedia(call: MethodCall, kind: 'photo' | 'document', method: string) {
  const { state, bot, parameters } = call;
  const info = givenFile(call, kind);
  const caption = cleanText(parameters.text('caption')).trim();
  const settle = () => {
    if (countCodePoints(caption) > CAPTION_LIMIT_CODE_POINTS) throw badRequest('Message caption is too long');
    return { ...fileContent(kind, info), ...(caption === '' ? {} : { caption }) };
  };
  return { result: sendOut(state, { method, bot, parameters, settle }) };
}

/** An upload, the id of a known file, or an address that Telegram would fetch (the sandbox fetches nothing). */
function givenFile({ state, bot, parameters }: MethodCall, kind: 'photo' | 'document'): FileInfo {
  const upload = parameters.file(kind);
  if (upload)
    return storeFile(state, bot, { kind, bytes: upload.bytes, file_name: upload.fileName, mime_type: upload.mimeType })
      .info;
  const given = parameters.text(kind);
  if (given === '') throw badRequest(`there is no ${kind} in the request`);
  const known = bot.files.get(given);
  if (known) return known.info;
  const url = parseUrl(given);
  if (!url.ok || !url.value.host.includes('.')) throw badRequest('Wrong file identifier/HTTP URL specified');
  return storeFile(state, bot, { kind, bytes: Buffer.alloc(0), file_name: given.split('/').at(-1) }).info;
}

export const sendChatAction: Method = ({ state, bot, parameters }) => {
  const action = parameters.text('action').toLowerCase();
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  if (!ACTIONS.has(action)) throw badRequest('Wrong parameter action in request');
  checkReachable(chat);
  state.publish('action.shown', { bot_id: bot.id, chat_id: chat.info.id, action });
  return { result: true };
};

export const getFile: Method = ({ bot, parameters }) => {
  const file = bot.files.get(parameters.text('file_id'));
  if (!file) throw badRequest('Invalid file_id');
  if ((file.info.file_size ?? 0) > DOWNLOAD_LIMIT_BYTES) throw badRequest('File is too big');
  const { file_id, file_unique_id, file_size } = file.info;
  return { result: { file_id, file_unique_id, file_size, file_path: file.path } };
};
