import type { ChatShared, Dice, Message, Poll, PollOption, SharedUser, UsersShared, WebAppData } from '@grammyjs/types';
import type { InboundContent } from '../../core/content.ts';
import { nameOf } from './parties.ts';
import { asId, asInteger, asList, asObject, asText, type Untrusted } from './untrusted.ts';

/** What has no counterpart in an inbox and reads well as text; null for anything else. */
export const describedContent = (message: Untrusted<Message>): InboundContent | null =>
  diceContent(asObject<Dice>(message.dice)) ??
  pollContent(asObject<Poll>(message.poll)) ??
  webAppContent(asObject<WebAppData>(message.web_app_data)) ??
  usersContent(asObject<UsersShared>(message.users_shared)) ??
  chatContent(asObject<ChatShared>(message.chat_shared));

const described = (text: string, mark: string): InboundContent => ({ kind: 'described', text, mark });

function diceContent(dice: Untrusted<Dice> | null): InboundContent | null {
  const value = asInteger(dice?.value);
  return value === null ? null : described(`${asText(dice?.emoji) ?? '🎲'} ${value}`, 'threw a dice');
}

function pollContent(poll: Untrusted<Poll> | null): InboundContent | null {
  const question = asText(poll?.question);
  if (question === null) return null;
  const options = asList(poll?.options).flatMap((option) => asText(asObject<PollOption>(option)?.text) ?? []);
  return described([question, ...options.map((option) => `– ${option}`)].join('\n'), 'sent a poll');
}

/** Telegram: what a web app sent back; a person can send anything here, so that nothing in it is to be trusted. */
function webAppContent(sent: Untrusted<WebAppData> | null): InboundContent | null {
  const data = asText(sent?.data);
  if (data === null) return null;
  const label = asText(sent?.button_text) ?? '';
  return described(data, label === '' ? 'sent by a web app' : `sent by the web app behind “${label}”`);
}

function usersContent(shared: Untrusted<UsersShared> | null): InboundContent | null {
  const lines = asList(shared?.users).flatMap((value) => {
    const user = asObject<SharedUser>(value);
    const userId = asId(user?.user_id);
    return user === null || userId === null ? [] : line(nameOf(user), asText(user.username), userId);
  });
  if (lines.length === 0) return null;
  return described(lines.join('\n'), lines.length === 1 ? 'chose a person' : `chose ${lines.length} people`);
}

function chatContent(shared: Untrusted<ChatShared> | null): InboundContent | null {
  const chatId = asId(shared?.chat_id);
  if (shared === null || chatId === null) return null;
  return described(line(asText(shared.title), asText(shared.username), chatId), 'chose a chat');
}

/** “Grace Hopper @grace (42)”. */
const line = (name: string | null, username: string | null, id: string): string =>
  [name, username === null ? null : `@${username}`, `(${id})`].filter((part) => part !== null && part !== '').join(' ');
