import { answerCallbackQuery, answerInlineQuery } from './answer-queries.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessageCaption, editMessageMedia, editMessageReplyMarkup, editMessageText } from './edit-message.ts';
import { getFile, sendChatAction } from './files.ts';
import { getMe } from './get-me.ts';
import type { Method } from './method.ts';
import { sendAlbum } from './send-album.ts';
import { sendAnimation, sendAudio, sendDocument, sendPhoto, sendSticker, sendVideo, sendVoice } from './send-file.ts';
import { sendMessage } from './send-message.ts';
import { sendContact, sendLocation, sendPoll, sendVenue } from './send-shared.ts';
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './webhook-methods.ts';

const methods: Readonly<Record<string, Method>> = {
  getMe,
  sendMessage,
  sendPhoto,
  sendDocument,
  sendVoice,
  sendAudio,
  sendVideo,
  sendAnimation,
  sendSticker,
  sendMediaGroup: sendAlbum,
  sendLocation,
  sendVenue,
  sendContact,
  sendPoll,
  sendChatAction,
  getFile,
  answerCallbackQuery,
  answerInlineQuery,
  editMessageText,
  editMessageCaption,
  editMessageMedia,
  deleteMessage,
  editMessageReplyMarkup,
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
};

/** Telegram: method names are case-insensitive. */
const methodsByLowerCaseName: ReadonlyMap<string, { readonly name: string; readonly run: Method }> = new Map(
  Object.entries(methods).map(([name, run]) => [name.toLowerCase(), { name, run }]),
);

export const findMethod = (name: string) => methodsByLowerCaseName.get(name.toLowerCase());
