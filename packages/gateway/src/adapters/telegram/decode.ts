import type { CallbackQuery, ChatMember, ChatMemberUpdated, InlineQuery, Message, Update, User } from '@grammyjs/types';
import type { Chat, DecodedUpdate } from '../../core/message/inbound.ts';
import type { Bot } from '../../ports/channel.ts';
import { answersOf, excerptOf } from './answers.ts';
import { concernedPeople } from './concerned-people.ts';
import { forwardedFrom } from './forwarded.ts';
import { kindOf } from './identify.ts';
import { labelOfButton } from './label-of-button.ts';
import { contentOf } from './message-content.ts';
import { authorOf, chatOf, personOf } from './parties.ts';
import { asId, asInteger, asObject, asText, parseJson, type Untrusted } from './untrusted.ts';

const malformed = { kind: 'ignored', reason: 'malformed' } as const satisfies DecodedUpdate;

/** What one raw update is to us. Never throws, whatever the bytes; every update that is not understood says why. */
export function decode(raw: Buffer, bot: Bot): DecodedUpdate {
  const update = asObject<Update>(parseJson(raw));
  if (update === null) return malformed;
  const kind = kindOf(update);
  switch (kind) {
    case 'message':
    case 'edited_message':
      return decodeMessage(update[kind], bot, kind);
    case 'callback_query':
      return decodeTap(update[kind]);
    case 'inline_query':
      return decodeInlineQuery(update[kind]);
    case 'my_chat_member':
      return decodeOwnMembership(update[kind]);
    case null:
      return malformed;
    default:
      return { kind: 'ignored', reason: kind };
  }
}

function decodeMessage(payload: unknown, bot: Bot, kind: 'message' | 'edited_message'): DecodedUpdate {
  const message = asObject<Message>(payload);
  const chat = message && chatOf(message);
  const author = message && authorOf(message);
  const messageId = asInteger(message?.message_id);
  const date = asInteger(message?.date);
  if (!message || !chat || !author || messageId === null || date === null) return malformed;

  const migration = migrationOf(message, chat.chatId);
  if (migration) return migration;
  if (author.userId === bot.botId) return { kind: 'ignored', reason: 'own message' };
  // Telegram reports some edits without a date, such as one that only a reaction made.
  const editDate = asInteger(message.edit_date) ?? (kind === 'edited_message' ? date : null);
  const content = contentOf(message, bot);
  if (content.kind === 'service') return { kind: 'ignored', reason: content.name };
  const forwarded = forwardedFrom(message);
  const via = viaOf(message, bot);
  const concerns = concernedPeople(message, author.userId);
  // Telegram: an album is one message a file, with the same id on each, and no word when it is complete.
  const albumId = content.kind === 'file' && editDate === null ? asText(message.media_group_id) : null;
  return {
    kind: 'event',
    tapId: null,
    ...(albumId === null ? {} : { albumId }),
    event: {
      chat,
      author,
      channelMessageId: String(messageId),
      happenedAtMs: date * 1_000,
      editedAtMs: editDate === null ? null : editDate * 1_000,
      content,
      answers: answersOf(message),
      ...(forwarded === null ? {} : { forwardedFrom: forwarded }),
      ...(via === null ? {} : { via }),
      ...(concerns.length === 0 ? {} : { concerns }),
    },
  };
}

/** The username of the bot through which it was sent; what went through ours is an answer to our buttons. */
function viaOf(message: Untrusted<Message>, bot: Bot): string | null {
  const through = asObject<User>(message.via_bot);
  return through === null || asId(through.id) === bot.botId ? null : asText(through.username);
}

/** Telegram: a group that becomes a supergroup says so in both, the old one and the new one. */
function migrationOf(message: Untrusted<Message>, chatId: string): DecodedUpdate | null {
  const to = asId(message.migrate_to_chat_id);
  if (to !== null) return { kind: 'chat-migrated', chatId, newChatId: to };
  const from = asId(message.migrate_from_chat_id);
  return from === null ? null : { kind: 'chat-migrated', chatId: from, newChatId: chatId };
}

function decodeTap(payload: unknown): DecodedUpdate {
  const tap = asObject<CallbackQuery>(payload);
  const tapId = asText(tap?.id);
  const author = personOf(tap?.from);
  if (!tap || tapId === null || !author) return malformed;
  // Telegram: a tap on a message that was sent through the bot in inline mode names no chat. We put no buttons there.
  if (tap.message === undefined) return { kind: 'ignored', reason: 'callback_query without a message', tapId };
  const message = asObject<Message>(tap.message);
  const chat = message && chatOf(message);
  const messageId = asInteger(message?.message_id);
  if (!message || !chat || messageId === null) return { ...malformed, tapId };
  const data = asText(tap.data);
  return {
    kind: 'event',
    tapId,
    event: {
      chat,
      author,
      channelMessageId: null,
      happenedAtMs: null,
      editedAtMs: null,
      content:
        data === null
          ? { kind: 'unsupported', what: 'tap on a game' }
          : { kind: 'tap', label: labelOfButton(message.reply_markup, data), data },
      answers: { channelMessageId: String(messageId), ...excerptOf(message) },
    },
  };
}

function decodeInlineQuery(payload: unknown): DecodedUpdate {
  const inlineQuery = asObject<InlineQuery>(payload);
  const queryId = asText(inlineQuery?.id);
  const query = asText(inlineQuery?.query);
  const person = personOf(inlineQuery?.from);
  if (!inlineQuery || queryId === null || query === null || !person) return malformed;
  const privateChat = inlineQuery.chat_type === 'sender';
  return { kind: 'inline-query', queryId, query, userId: person.userId, privateChat };
}

const groupStates = { kicked: 'removed', left: 'removed', member: 'added', administrator: 'added' } as const;
const privateStates = { kicked: 'blocked', member: 'unblocked' } as const;

/** Telegram: in a private chat this comes only when the person blocks or unblocks the bot; in a group also with its rights. */
function decodeOwnMembership(payload: unknown): DecodedUpdate {
  const change = asObject<ChatMemberUpdated>(payload);
  const chat = change && chatOf(change);
  const author = personOf(change?.from);
  const date = asInteger(change?.date);
  if (!change || !chat || !author || date === null) return malformed;
  const kind = membershipOf(chat, change.new_chat_member);
  if (kind === null || kind === membershipOf(chat, change.old_chat_member)) {
    return { kind: 'ignored', reason: 'my_chat_member' };
  }
  return {
    kind: 'event',
    tapId: null,
    event: {
      chat,
      author,
      channelMessageId: null,
      happenedAtMs: date * 1_000,
      editedAtMs: null,
      content: { kind },
      answers: null,
    },
  };
}

function membershipOf(chat: Chat, member: unknown) {
  const status = asText(asObject<ChatMember>(member)?.status) ?? '';
  if (chat.kind === 'channel') return null;
  const states: Readonly<Record<string, 'removed' | 'added' | 'blocked' | 'unblocked'>> =
    chat.kind === 'private' ? privateStates : groupStates;
  return Object.hasOwn(states, status) ? (states[status] ?? null) : null;
}
