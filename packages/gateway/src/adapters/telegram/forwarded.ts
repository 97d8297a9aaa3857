import type {
  Message,
  MessageOriginChannel,
  MessageOriginChat,
  MessageOriginHiddenUser,
  MessageOriginUser,
  Chat as TelegramChat,
  User,
} from '@grammyjs/types';
import { visibleName } from '../../core/message/visible-name.ts';
import { nameOf } from './parties.ts';
import { asId, asObject, asText, type Untrusted } from './untrusted.ts';

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
  return (
    (user && (nameOf(user) ?? handleOf(user))) ??
    // Telegram: a person may hide the account; then only a name is left.
    visibleName(asText(origin.sender_user_name)) ??
    (chat && (visibleName(asText(chat.title)) ?? handleOf(chat))) ??
    'someone'
  );
}

/** What finds an account or a chat whose name is blank. */
const handleOf = ({ username, id }: Untrusted<Pick<User, 'username' | 'id'>>): string | null =>
  visibleName(asText(username)) ?? asId(id);
