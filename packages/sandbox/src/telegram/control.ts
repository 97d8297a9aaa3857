import { ControlError } from '../control-error.ts';
import { type Place, pressKey, type TapResult, tap } from './buttons.ts';
import { type CallFilter, listCalls } from './calls.ts';
import { editText, pressStart, type SharedContact, sendText, shareContact, shareLocation } from './customer.ts';
import {
  type BotSummary,
  botById,
  chatById,
  createBot,
  createChat,
  listBots,
  type NewBot,
  type NewChat,
  renameBot,
} from './directory.ts';
import { type SentFile, sendAlbum, sendFile } from './files.ts';
import type { Received } from './incoming.ts';
import { chooseResult, sendDraft, typeDraft } from './inline-mode.ts';
import { block, deactivate, kick, migrate, unblock } from './membership.ts';
import type { RateLimits } from './rate-limit.ts';
import { checkUpdateId, repeatLastUpdate, sendRawUpdate } from './raw-update.ts';
import type { TelegramState } from './state.ts';
import { type ChatSummary, chatSummary, type Transcript, transcriptOf } from './transcript.ts';
import type { Bot, CallRecord, Chat, SentRecord, Standing } from './world.ts';

/** One chat of one bot. */
export interface At {
  readonly bot_id: number;
  readonly chat_id: number;
}

/** The update that an action sent to the bot; absent when the bot does not receive this kind. */
export interface SentUpdate {
  readonly update_id?: number;
}

export interface BotChange {
  readonly username?: string | undefined;
  readonly first_name?: string | undefined;
  readonly supports_inline_queries?: boolean | undefined;
  /** The id of the bot's next update. Later ones follow it. */
  readonly next_update_id?: number | undefined;
  /** True: the token is revoked, and calls with it answer 401. */
  readonly revoked?: boolean | undefined;
}

export interface StartedChat extends NewChat {
  /** False: the person has not pressed Start yet. */
  readonly started?: boolean | undefined;
  readonly payload?: string | undefined;
}

export interface SentFilter {
  readonly bot_id?: number | undefined;
  readonly chat_id?: number | undefined;
}

/** Drives the simulated Telegram; each method does what the control route of the same name does. */
export interface TelegramControl {
  createBot(given?: NewBot): BotSummary;
  listBots(): readonly BotSummary[];
  changeBot(botId: number, change: BotChange): void;
  /** The person presses Start unless `started` is false. */
  createChat(given: StartedChat): Transcript;
  listChats(botId: number): readonly ChatSummary[];
  transcript(at: At): Transcript;
  start(at: At, given?: { payload?: string | undefined }): Received;
  text(at: At, given: { text: string; reply_to_message_id?: number | null | undefined }): Received;
  pressKey(at: At, given: Place): Received;
  tap(at: At, given: Place): TapResult;
  draft(at: At, given: { text: string }): { inline_query_id?: string };
  sendDraft(at: At): Received;
  chooseResult(at: At, given: { index: number }): Received;
  shareContact(at: At, given?: SharedContact): Received;
  shareLocation(at: At, given: { latitude: number; longitude: number }): Received;
  file(at: At, given: SentFile): Received & { file_id: string };
  album(at: At, given: { files: readonly SentFile[] }): readonly (Received & { file_id: string })[];
  edit(at: At, given: { message_id: number; text: string }): Received;
  block(at: At): SentUpdate;
  unblock(at: At): SentUpdate;
  kick(at: At): SentUpdate;
  deactivate(at: At): { standing: Standing };
  migrate(at: At): { chat_id: number };
  /** `update` has one field named for its kind, and may have an `update_id` of its own. */
  sendUpdate(at: At, given: { update: Readonly<Record<string, unknown>> }): SentUpdate;
  duplicateLastUpdate(at: At): SentUpdate;
  /** The bytes of a file that either side sent. */
  fileContent(given: { readonly bot_id: number; readonly file_id: string }): Buffer;
  sent(filter?: SentFilter): readonly SentRecord[];
  /** The newest thousand calls of the Bot API as they arrived, except polls. */
  calls(filter?: CallFilter): readonly CallRecord[];
  setLimits(limits: RateLimits): void;
  setLatency(latencyMs: number): void;
}

export function createControl(state: TelegramState): TelegramControl {
  const find = ({ bot_id, chat_id }: At): readonly [Bot, Chat] => {
    const bot = botById(state, bot_id);
    return [bot, chatById(bot, chat_id)];
  };
  return {
    createBot: (given = {}) => createBot(state, given),
    listBots: () => listBots(state),
    changeBot: (botId, change) => changeBot(state, botId, change),
    createChat: (given) => createStartedChat(state, given),
    listChats: (botId) => listChats(botById(state, botId)),
    transcript: (at) => transcriptOf(...find(at)),
    start: (at, given) => pressStart(state, ...find(at), given?.payload),
    text: (at, given) => sendText(state, ...find(at), given.text, given.reply_to_message_id),
    pressKey: (at, given) => pressKey(state, ...find(at), given),
    tap: (at, given) => tap(state, ...find(at), given),
    draft: (at, given) => typeDraft(state, ...find(at), given.text),
    sendDraft: (at) => sendDraft(state, ...find(at)),
    chooseResult: (at, given) => chooseResult(state, ...find(at), given.index),
    shareContact: (at, given = {}) => shareContact(state, ...find(at), given),
    shareLocation: (at, given) => shareLocation(state, ...find(at), given.latitude, given.longitude),
    file: (at, given) => sendFile(state, ...find(at), given),
    album: (at, given) => sendAlbum(state, ...find(at), given.files),
    edit: (at, given) => editText(state, ...find(at), given.message_id, given.text),
    block: (at) => block(state, ...find(at)),
    unblock: (at) => unblock(state, ...find(at)),
    kick: (at) => kick(state, ...find(at)),
    deactivate: (at) => deactivate(state, ...find(at)),
    migrate: (at) => migrate(state, ...find(at)),
    sendUpdate: (at, given) => sendRawUpdate(state, ...find(at), given.update),
    duplicateLastUpdate: (at) => repeatLastUpdate(state, ...find(at)),
    fileContent: ({ bot_id, file_id }) => fileContent(botById(state, bot_id), file_id),
    sent: (filter = {}) => filterSent(state, filter),
    calls: (filter = {}) => listCalls(state, filter),
    setLimits: (limits) => state.limiter.set(limits),
    setLatency(latencyMs) {
      state.latencyMs = latencyMs;
    },
  };
}

function changeBot(state: TelegramState, botId: number, change: BotChange): void {
  const bot = botById(state, botId);
  bot.supportsInlineQueries = change.supports_inline_queries ?? bot.supportsInlineQueries;
  bot.revoked = change.revoked ?? bot.revoked;
  if (change.next_update_id !== undefined) bot.updates.setNextId(checkUpdateId(change.next_update_id));
  if (change.username !== undefined || change.first_name !== undefined) renameBot(state, bot, change);
}

function createStartedChat(state: TelegramState, given: StartedChat): Transcript {
  const bot = botById(state, given.bot_id);
  const chat = createChat(state, bot, given);
  if (chat.info.type === 'private' && given.started !== false) pressStart(state, bot, chat, given.payload);
  return transcriptOf(bot, chat);
}

function listChats(bot: Bot): readonly ChatSummary[] {
  return [...bot.chats.values()].map((chat) => chatSummary(bot, chat));
}

function fileContent(bot: Bot, fileId: string): Buffer {
  const file = bot.files.get(fileId);
  if (!file) throw new ControlError(404, `The bot ${bot.id} has no file ${fileId}.`);
  return file.bytes;
}

function filterSent(state: TelegramState, { bot_id, chat_id }: SentFilter): readonly SentRecord[] {
  return state.sent.filter(
    (record) =>
      (bot_id === undefined || record.bot_id === bot_id) && (chat_id === undefined || record.chat_id === chat_id),
  );
}
