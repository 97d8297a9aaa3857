import type { DirectMessagesTopic, ForumTopicCreated, Message, Chat as TelegramChat, User } from '@grammyjs/types';
import type { Chat, Person } from '../../core/message/inbound.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { asId, asObject, asText, type Untrusted } from './untrusted.ts';

const kinds: Readonly<Record<string, Chat['kind']>> = {
  private: 'private',
  group: 'group',
  supergroup: 'group',
  channel: 'channel',
};

/** The chat of a message or an event, with the topic it belongs to; null if it has none that we can name. */
export function chatOf(carrier: Untrusted<Pick<Message, 'chat'>> & Partial<Untrusted<Message>>): Chat | null {
  const chat = asObject<TelegramChat>(carrier.chat);
  const chatId = asId(chat?.id);
  const type = asText(chat?.type);
  const kind = type !== null && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (!chat || chatId === null || kind === undefined) return null;
  const username = asText(chat.username);
  const title = kind === 'private' ? nameOf(chat) : visibleName(asText(chat.title));
  const topicTitle = topicTitleOf(carrier);
  return {
    chatId,
    kind,
    title: title ?? username ?? chatId,
    username,
    topicId: topicOf(carrier),
    ...(topicTitle === null ? {} : { topicTitle }),
  };
}

/** Telegram: a message in a topic that answers nothing else answers the remark with which the topic began. */
function topicTitleOf({ is_topic_message, reply_to_message }: Partial<Untrusted<Message>>): string | null {
  if (is_topic_message !== true) return null;
  return visibleName(
    asText(asObject<ForumTopicCreated>(asObject<Message>(reply_to_message)?.forum_topic_created)?.name),
  );
}

/**
 * Telegram: plain reply threads have a `message_thread_id` too; it is a topic only with `is_topic_message`. The topics of a channel's
 * direct messages have ids of their own and are answered by another parameter: the gateway makes these ids negative.
 */
function topicOf(message: Partial<Untrusted<Message>>): string | null {
  if (message.is_topic_message === true) return asId(message.message_thread_id);
  const direct = asId(asObject<DirectMessagesTopic>(message.direct_messages_topic)?.topic_id);
  return direct === null ? null : `-${direct}`;
}

export function personOf(value: unknown): Person | null {
  const user = asObject<User>(value);
  const userId = asId(user?.id);
  if (!user || userId === null) return null;
  const username = asText(user.username);
  return { userId, name: nameOf(user) ?? username ?? userId, username, languageCode: asText(user.language_code) };
}

/** Telegram: who speaks as a chat (an anonymous administrator, a channel) has a made-up person in `from`. */
export function authorOf(message: Untrusted<Message>): Person | null {
  const sender = asObject<TelegramChat>(message.sender_chat);
  const senderId = asId(sender?.id);
  if (!sender || senderId === null) return personOf(message.from);
  const username = asText(sender.username);
  const name = visibleName(asText(sender.title)) ?? nameOf(sender) ?? username ?? senderId;
  return { userId: senderId, name, username, languageCode: null };
}

/** First and last name; null if a reader would see neither. */
export function nameOf(named: Untrusted<Pick<User, 'first_name' | 'last_name'>>): string | null {
  const parts = [named.first_name, named.last_name].flatMap((part) => visibleName(asText(part)) ?? []);
  return parts.length === 0 ? null : parts.join(' ');
}
