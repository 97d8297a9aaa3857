import { badRequest } from '../errors.ts';
import { checkReachable, recipientOf } from '../recipient.ts';
import type { Method } from './method.ts';

/** Telegram: bots can download files of up to 20 MB. */
const downloadLimitBytes = 20 * 1024 * 1024;
const chatActions = new Set(
  'typing upload_photo record_video upload_video record_voice upload_voice record_audio upload_audio upload_document choose_sticker find_location record_video_note upload_video_note'.split(
    ' ',
  ),
);

export const sendChatAction: Method = ({ state, bot, parameters }) => {
  const action = parameters.text('action').toLowerCase();
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  if (!chatActions.has(action)) throw badRequest('Wrong parameter action in request');
  checkReachable(chat);
  state.publish('action.shown', { bot_id: bot.id, chat_id: chat.info.id, action });
  return { result: true };
};

export const getFile: Method = ({ bot, parameters }) => {
  const file = bot.files.get(parameters.text('file_id'));
  if (!file) throw badRequest('Invalid file_id');
  if ((file.info.file_size ?? 0) > downloadLimitBytes) throw badRequest('File is too big');
  const { file_id, file_unique_id, file_size } = file.info;
  return { result: { file_id, file_unique_id, file_size, file_path: file.path } };
};
