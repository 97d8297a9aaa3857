import { ControlError } from '../control-error.ts';
import { pushMessageUpdate, type Received, receive, typedText } from './incoming.ts';
import type { TelegramState } from './state.ts';
import { type Bot, type Chat, type Contact, findEntry, type User } from './world.ts';

/** Presses Start. The payload is that of a deep link. */
export function pressStart(state: TelegramState, bot: Bot, chat: Chat, payload?: string): Received {
  if (payload !== undefined && !/^[\w-]{1,64}$/.test(payload))
    throw new ControlError(400, 'Give "payload" as 1 to 64 letters, digits, - and _.');
  return receive(state, bot, chat, { content: typedText(payload === undefined ? '/start' : `/start ${payload}`) });
}

/** Sends a text. It replies to the message with a forced reply, unless `replyTo` is another message or null. */
export function sendText(state: TelegramState, bot: Bot, chat: Chat, text: string, replyTo?: number | null): Received {
  const content = typedText(text);
  const answers = replyTo === undefined ? chat.forceReplyTo : (replyTo ?? undefined);
  const received = receive(state, bot, chat, { content, replyTo: answers });
  delete chat.forceReplyTo;
  return received;
}

export function editText(state: TelegramState, bot: Bot, chat: Chat, messageId: number, text: string): Received {
  const entry = findEntry(chat, messageId);
  if (entry?.sender !== 'customer' || entry.message.text === undefined)
    throw new ControlError(404, `The customer has sent no text message ${messageId} in this chat.`);
  const { entities: _, ...rest } = entry.message;
  entry.message = { ...rest, ...typedText(text), edit_date: state.nowS() };
  return pushMessageUpdate(state, bot, chat, entry.message, 'edited_message');
}

/** The phone number of a simulated person. Telegram: numbers have no plus sign. */
const phoneNumberOf = (user: User): string => `1555${String(user.id % 10_000_000).padStart(7, '0')}`;

export function ownContact(user: User, phoneNumber?: string): Contact {
  return {
    phone_number: phoneNumber ?? phoneNumberOf(user),
    first_name: user.first_name,
    ...(user.last_name === undefined ? {} : { last_name: user.last_name }),
    user_id: user.id,
  };
}

export interface SharedContact {
  readonly phone_number?: string | undefined;
  /** Shares the contact of another person: `true`, or the data of that person. */
  readonly other_person?: boolean | { readonly first_name?: string | undefined; readonly user_id?: number | undefined };
}

export function shareContact(state: TelegramState, bot: Bot, chat: Chat, given: SharedContact): Received {
  const { other_person: other, phone_number: phone } = given;
  if (other === undefined || other === false)
    return receive(state, bot, chat, { content: { contact: ownContact(chat.user, phone) } });
  const person = other === true ? {} : other;
  const contact: Contact = {
    phone_number: phone ?? '15557654321',
    first_name: person.first_name ?? 'Another Person',
    ...(person.user_id === undefined ? {} : { user_id: person.user_id }),
  };
  return receive(state, bot, chat, { content: { contact } });
}

export function shareLocation(state: TelegramState, bot: Bot, chat: Chat, latitude: number, longitude: number) {
  return receive(state, bot, chat, { content: { location: { latitude, longitude } } });
}
