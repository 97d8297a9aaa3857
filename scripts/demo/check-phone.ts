import { isDeepStrictEqual } from 'node:util';
import type { Transcript } from '@chatferry/sandbox';
import type { Sent, TelegramInteractiveMessage } from '@chatferry/sdk';
import { DemoFailure } from './demo-failure.ts';

/** The newest message of the customer's app, if it is exactly the one that the API was given. */
export function checkPhone(phone: Transcript, given: TelegramInteractiveMessage, answer: Sent) {
  const last = phone.messages.at(-1);
  if (last?.sender !== 'bot') throw new DemoFailure('the API answered 201, and Telegram shows no new message');
  const { text, reply_markup, message_id } = last;
  if (answer.channel_message_id !== `tg-${message_id}`)
    throw new DemoFailure(`the API answered ${answer.channel_message_id}, and Telegram’s message is ${message_id}`);
  if (text !== given.text || !isDeepStrictEqual(reply_markup, given.reply_markup))
    throw new DemoFailure(
      `Telegram shows ${JSON.stringify({ text, reply_markup })} instead of ${JSON.stringify(given)}`,
    );
  return last;
}

/** The bot's message number `count`, once the customer's app shows it, if it is what the agent wrote. */
export function checkRelayed(phone: Transcript, count: number, text: string) {
  const shown = phone.messages.filter(({ sender }) => sender === 'bot');
  const last = shown.at(-1);
  if (last === undefined || shown.length < count) return undefined;
  if (shown.length > count || last.text !== text)
    throw new DemoFailure(`Telegram shows ${shown.length} messages of the bot, the last “${last.text}”`);
  return last;
}
