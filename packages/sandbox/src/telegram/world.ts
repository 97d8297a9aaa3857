import type { MessageEntity } from './entities.ts';
import type { InlineKeyboard, ReplyMarkup } from './markup.ts';
import type { Polling } from './polling.ts';
import type { UpdateQueue } from './updates.ts';
import type { Webhook } from './webhook.ts';

/** A Telegram user as in updates. */
export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel';

/** A chat as in messages. */
export interface ChatInfo {
  readonly id: number;
  readonly type: ChatType;
  readonly title?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
}

export interface Contact {
  readonly phone_number: string;
  readonly first_name: string;
  readonly last_name?: string;
  readonly user_id?: number;
}

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Venue {
  readonly location: Location;
  readonly title: string;
  readonly address: string;
}

export interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly { readonly persistent_id: string; readonly text: string; readonly voter_count: number }[];
  readonly total_voter_count: number;
  readonly is_closed: boolean;
  readonly is_anonymous: boolean;
  readonly type: 'regular' | 'quiz';
  readonly allows_multiple_answers: boolean;
  readonly allows_revoting: boolean;
  readonly members_only: boolean;
  readonly correct_option_ids?: readonly number[];
  readonly explanation?: string;
}

export interface FileInfo {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
  /** Of a round video: its width and height. */
  readonly length?: number;
  /** Of a sticker. */
  readonly type?: string;
  readonly thumbnail?: FileInfo;
  readonly performer?: string;
  readonly title?: string;
  readonly emoji?: string;
  readonly is_animated?: boolean;
  readonly is_video?: boolean;
}

export interface Message {
  readonly message_id: number;
  readonly from?: User;
  readonly chat: ChatInfo;
  readonly date: number;
  readonly edit_date?: number;
  readonly via_bot?: User;
  readonly reply_to_message?: Message;
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly caption?: string;
  readonly caption_entities?: readonly MessageEntity[];
  readonly contact?: Contact;
  readonly location?: Location;
  readonly venue?: Venue;
  readonly poll?: Poll;
  readonly photo?: readonly FileInfo[];
  readonly document?: FileInfo;
  readonly voice?: FileInfo;
  readonly audio?: FileInfo;
  readonly video?: FileInfo;
  readonly video_note?: FileInfo;
  readonly animation?: FileInfo;
  readonly sticker?: FileInfo;
  readonly media_group_id?: string;
  readonly reply_markup?: InlineKeyboard;
  readonly migrate_to_chat_id?: number;
  readonly migrate_from_chat_id?: number;
  readonly message_thread_id?: number;
  readonly is_topic_message?: true;
}

/** A message of a chat, with data that Telegram's apps have and the bot does not receive. */
export interface ChatEntry {
  message: Message;
  markup: ReplyMarkup | undefined;
  readonly sender: 'bot' | 'customer';
}

/** Whether a bot can write to a chat, or the reason why not. */
export type Standing =
  | 'open'
  | 'never-started'
  | 'blocked'
  | 'deactivated'
  | 'kicked'
  | 'left'
  | 'deleted'
  | 'migrated';

export interface InlineResult {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly message_text: string;
  readonly markup: ReplyMarkup | undefined;
}

/** One chat of one bot, with the state of the customer's app. */
export interface Chat {
  readonly info: ChatInfo;
  /** The person who acts in the chat. */
  readonly user: User;
  standing: Standing;
  migratedTo?: number;
  lastMessageId: number;
  readonly entries: ChatEntry[];
  /** The message whose reply keyboard is shown. `folded`: the app hides a one-time keyboard after a press. */
  keyboard?: { readonly messageId: number; folded: boolean };
  /** The message with a forced reply, which the next text replies to. */
  forceReplyTo?: number;
  draft?: string;
  inlineQueryId?: string;
  inlineResults?: readonly InlineResult[];
  /** The last answer to a callback query, as the app shows it. */
  notice?: { readonly text: string; readonly show_alert: boolean };
  readonly taps: Tap[];
}

/** A tap that sent nothing to the bot, and what the app did. */
export interface Tap {
  readonly message_id: number;
  readonly text: string;
  readonly effect: 'opened-url' | 'copied' | 'drafted' | 'chose-chat' | 'opened-web-app' | 'nothing';
  readonly value: string;
}

export interface StoredFile {
  readonly info: FileInfo;
  readonly path: string;
  readonly bytes: Buffer;
}

/** A callback or inline query that is not answered yet. */
export interface OpenQuery {
  readonly chat: Chat;
  readonly answerableUntilMs: number;
}

export interface Bot {
  readonly id: number;
  readonly token: string;
  /** Replaced when the bot is renamed. */
  user: User & { readonly username: string };
  supportsInlineQueries: boolean;
  readonly canReadAllGroupMessages: boolean;
  readonly acceptsAnyChat: boolean;
  revoked: boolean;
  /** Telegram: private chats and basic groups of one bot share one sequence of message ids. */
  lastMessageId: number;
  readonly chats: Map<number, Chat>;
  readonly files: Map<string, StoredFile>;
  readonly callbackQueries: Map<string, OpenQuery>;
  readonly inlineQueries: Map<string, OpenQuery>;
  readonly updates: UpdateQueue;
  readonly polling: Polling;
  webhook: Webhook | undefined;
  /** `setWebhook` answers 429 before this time, if the limit is on. */
  nextSetWebhookMs: number;
  lastError: { readonly atS: number; readonly message: string } | undefined;
}

/** A message that the Bot API accepted, for checks after a run. */
export interface SentRecord {
  readonly at_ms: number;
  readonly bot_id: number;
  readonly chat_id: number;
  readonly message_id: number;
  readonly method: string;
  readonly message_thread_id?: number;
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly caption?: string;
  readonly caption_entities?: readonly MessageEntity[];
  readonly location?: Location;
  readonly venue?: Venue;
  readonly contact?: Contact;
  readonly poll?: Poll;
  /** Of an album: the same for each of its files. */
  readonly media_group_id?: string;
  /** The bytes are at `GET …/bots/{bot_id}/files/{file_id}`. */
  readonly file?: FileInfo;
  readonly reply_markup?: ReplyMarkup;
}

/** A call of the Bot API as it arrived, and how it ended. */
export interface CallRecord {
  readonly at_ms: number;
  readonly bot_id: number;
  readonly method: string;
  /** As they arrived: in a JSON body the values, in a form their texts. Nothing is trimmed, read or left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The files of a form, by the names of their fields. `file_name` is what Telegram's server made of it. */
  readonly files: Readonly<
    Record<string, { readonly file_name: string; readonly mime_type: string; readonly size: number }>
  >;
  readonly status: number;
  /** The reason of a refusal. */
  readonly description?: string;
}

export const findEntry = (chat: Chat, messageId: number): ChatEntry | undefined =>
  chat.entries.find((entry) => entry.message.message_id === messageId);

/**
 * The next message id of a chat. Supergroups and channels have a sequence of their own; other chats share the bot's. The
 * chats of a bot that accepts any chat all do: the simulation did not see how their sequences began.
 */
export function nextMessageId(bot: Bot, chat: Chat): number {
  const hasOwn = chat.info.type === 'supergroup' || chat.info.type === 'channel';
  const owner = hasOwn && !bot.acceptsAnyChat ? chat : bot;
  owner.lastMessageId += 1;
  return owner.lastMessageId;
}

export function newChat(info: ChatInfo, user: User, standing: Standing): Chat {
  return { info, user, standing, lastMessageId: 0, entries: [], taps: [] };
}

/** The private chat of a bot with a person. */
export function privateChatInfo(user: User): ChatInfo {
  const { id, first_name, last_name, username } = user;
  return {
    id,
    type: 'private',
    first_name,
    ...(last_name === undefined ? {} : { last_name }),
    ...(username === undefined ? {} : { username }),
  };
}
