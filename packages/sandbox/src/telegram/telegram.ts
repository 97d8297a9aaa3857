import { ControlError } from '../control-error.ts';
import type { Simulator, SimulatorContext } from '../simulator.ts';
import { registerApi, runMethod } from './api.ts';
import { type Place, pressKey, type TapResult, tap } from './buttons.ts';
import { registerControl } from './control-routes.ts';
import { editText, pressStart, type SharedContact, sendText, shareContact, shareLocation } from './customer.ts';
import {
  type BotSummary,
  botById,
  chatOf,
  createBot,
  createChat,
  listBots,
  type NewBot,
  type NewChat,
} from './directory.ts';
import { type SentFile, sendAlbum, sendFile } from './files.ts';
import type { Received } from './incoming.ts';
import { chooseResult, sendDraft, typeDraft } from './inline-mode.ts';
import { openJournal } from './journal.ts';
import { block, deactivate, kick, migrate, unblock } from './membership.ts';
import type { RateLimits } from './rate-limit.ts';
import { repeatLastUpdate, sendRawUpdate } from './raw-update.ts';
import { createState, type TelegramOptions } from './state.ts';
import { type ChatSummary, chatSummary, type Transcript, transcriptOf } from './transcript.ts';
import type { Bot, Chat, SentRecord, Standing } from './world.ts';

/** Which chat of which bot. */
export interface At {
  readonly bot_id: number;
  readonly chat_id: number;
}

export interface Told {
  readonly update_id?: number;
}

/** The simulated Telegram; each method does what the control route of the same name does. */
export interface TelegramSimulator extends Simulator {
  createBot(given?: NewBot): BotSummary;
  listBots(): readonly BotSummary[];
  /** Revokes the token (calls answer 401 from then on), or switches inline mode. */
  changeBot(
    botId: number,
    change: { supports_inline_queries?: boolean | undefined; revoked?: boolean | undefined },
  ): void;
  /** The person presses Start unless `started` is false. */
  createChat(given: NewChat & { started?: boolean | undefined; payload?: string | undefined }): Transcript;
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
  block(at: At): Told;
  unblock(at: At): Told;
  kick(at: At): Told;
  deactivate(at: At): { standing: Standing };
  migrate(at: At): { chat_id: number };
  /** `update` is a whole update without `update_id`: one field named for its kind. */
  sendUpdate(at: At, given: { update: Readonly<Record<string, unknown>> }): Told;
  duplicateLastUpdate(at: At): Told;
  /** The bytes of a file that either side sent. */
  fileContent(given: { readonly bot_id: number; readonly file_id: string }): Buffer;
  sent(filter?: { bot_id?: number | undefined; chat_id?: number | undefined }): readonly SentRecord[];
  setLimits(limits: RateLimits): void;
  setLatency(latencyMs: number): void;
}

export function createTelegram(context: SimulatorContext, options: TelegramOptions = {}): TelegramSimulator {
  const journal = options.journalPath === undefined ? undefined : openJournal(options.journalPath);
  const state = createState(context, options, journal, (bot, method, parameters) => {
    void runMethod(state, bot, method, parameters);
  });
  const find = ({ bot_id, chat_id }: At): readonly [Bot, Chat] => {
    const bot = botById(state, bot_id);
    return [bot, chatOf(bot, chat_id)];
  };
  const simulator: TelegramSimulator = {
    api: (app) => registerApi(app, state),
    control: (app) => registerControl(app, simulator),
    close() {
      for (const bot of state.botsById.values()) {
        bot.webhook?.close();
        bot.polling.close();
      }
      journal?.close();
      return Promise.resolve();
    },
    createBot: (given = {}) => createBot(state, given),
    listBots: () => listBots(state),
    changeBot(botId, change) {
      const bot = botById(state, botId);
      bot.supportsInlineQueries = change.supports_inline_queries ?? bot.supportsInlineQueries;
      bot.revoked = change.revoked ?? bot.revoked;
    },
    createChat(given) {
      const bot = botById(state, given.bot_id);
      const chat = createChat(state, bot, given);
      if (chat.info.type === 'private' && given.started !== false) pressStart(state, bot, chat, given.payload);
      return transcriptOf(bot, chat);
    },
    listChats(botId) {
      const bot = botById(state, botId);
      return [...bot.chats.values()].map((chat) => chatSummary(bot, chat));
    },
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
    fileContent({ bot_id, file_id }) {
      const file = botById(state, bot_id).files.get(file_id);
      if (!file) throw new ControlError(404, `The bot ${bot_id} knows no file ${file_id}.`);
      return file.bytes;
    },
    sent: ({ bot_id, chat_id } = {}) =>
      state.sent.filter(
        (record) =>
          (bot_id === undefined || record.bot_id === bot_id) && (chat_id === undefined || record.chat_id === chat_id),
      ),
    setLimits: (limits) => state.limiter.set(limits),
    setLatency(latencyMs) {
      state.latencyMs = latencyMs;
    },
  };
  return simulator;
}
