import { badRequest } from './errors.ts';
import { checkedLink, readStyle } from './inline-button.ts';
import {
  FieldError,
  hasField,
  isJsonObject,
  type JsonObject,
  optionalBoolean,
  optionalString,
  requiredInteger,
  requiredObject,
  requiredString,
} from './json-field.ts';

/** A key of a reply keyboard as Telegram stores it: with the first of its actions only. */
export interface ReplyKey {
  readonly text: string;
  readonly style?: string;
  readonly icon_custom_emoji_id?: string;
  readonly request_contact?: true;
  readonly request_location?: true;
  readonly request_poll?: JsonObject;
  readonly web_app?: { readonly url: string };
  readonly request_users?: JsonObject;
  readonly request_chat?: JsonObject;
  readonly request_managed_bot?: JsonObject;
}

type Request = Omit<ReplyKey, 'text' | 'style' | 'icon_custom_emoji_id'>;

export function readReplyKey(value: unknown): ReplyKey {
  if (typeof value === 'string') return { text: value };
  if (!isJsonObject(value)) throw new FieldError('KeyboardButton must be a String or an Object');
  const text = requiredString(value, 'text');
  return { text, ...readStyle(value), ...readRequest(value) };
}

function readRequest(key: JsonObject): Request {
  const asksPhone = optionalBoolean(key, 'request_phone_number') || optionalBoolean(key, 'request_contact');
  if (asksPhone) return { request_contact: true };
  if (optionalBoolean(key, 'request_location')) return { request_location: true };
  if (hasField(key, 'request_poll')) {
    const poll = requiredObject(key, 'request_poll');
    optionalString(poll, 'type');
    return { request_poll: poll };
  }
  if (hasField(key, 'web_app')) return { web_app: { url: requiredString(requiredObject(key, 'web_app'), 'url') } };
  for (const name of ['request_user', 'request_users', 'request_chat', 'request_managed_bot']) {
    if (!hasField(key, name)) continue;
    const request = requiredObject(key, name);
    requiredInteger(request, 'request_id');
    if (name === 'request_chat') return { request_chat: request };
    return name === 'request_managed_bot' ? { request_managed_bot: request } : { request_users: request };
  }
  return {};
}

/** The checks of TDLib. Returns the key with its link as Telegram stores it. */
export function normalizeReplyKey(key: ReplyKey, chatType: string): ReplyKey {
  const refusal = chatType === 'private' ? undefined : privateChatRefusal(key);
  if (refusal !== undefined) throw badRequest(refusal);
  if (key.web_app)
    return { ...key, web_app: { url: checkedLink(key.web_app.url, 'Keyboard button Web App', 'https') } };
  return key;
}

function privateChatRefusal(key: ReplyKey): string | undefined {
  if (key.request_contact) return 'Phone number can be requested in private chats only';
  if (key.request_location) return 'Location can be requested in private chats only';
  if (key.request_poll) return 'Poll can be requested in private chats only';
  if (key.web_app) return 'Web App buttons can be used in private chats only';
  if (key.request_users) return 'Users can be requested in private chats only';
  if (key.request_chat) return 'Chats can be requested in private chats only';
  if (key.request_managed_bot) return 'Managed bots can be requested in private chats only';
  return undefined;
}
