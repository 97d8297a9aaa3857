import type {
  Message,
  MessageOriginChannel,
  MessageOriginChat,
  MessageOriginHiddenUser,
  MessageOriginUser,
  Chat as TelegramChat,
  User,
} from '@grammyjs/types';
import { nameOf } from './parties.ts';
import { asObject, asText, type Untrusted } from './untrusted.ts';

type Origin = MessageOriginUser | MessageOriginHiddenUser | MessageOriginChat | MessageOriginChannel;

/** Whose words a forwarded message passes on; null if it is the customer's own. */
export function forwardedFrom(message: Untrusted<Message>): string | null {
  return asObject(message.forward_origin) === null ? null : originName(message.forward_origin);
}

/** The person or the chat that something comes from. */
export function originName(value: unknown): string {
  const origin = asObject<Origin>(value) ?? {};
  const user = asObject<User>(origin.sender_user);
  const chat = asObject<TelegramChat>(origin.sender_chat) ?? asObject<TelegramChat>(origin.chat);
  const name =
    (user && (nameOf(user) ?? asText(user.username))) ??
    // Telegram: a person may hide the account; then only a name is left.
    asText(origin.sender_user_name) ??
    (chat && (asText(chat.title) ?? asText(chat.username)));
  return name === null || name.trim() === '' ? 'someone' : name.trim();
}
