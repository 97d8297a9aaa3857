import { chats } from '../plan.ts';
import { post } from './connection.ts';
import type { Target } from './target.ts';

/** An order's progress with two buttons, as in the API's documentation. */
const message = {
  type: 'reply_buttons',
  text: 'Your order ORD-9876 has shipped. Track it or get help below.',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Track order', url: 'https://example.com/track/ORD-9876' },
        { text: 'Need help', switch_inline_query_current_chat: 'help order ORD-9876' },
      ],
    ],
  },
};
const firstChat = 1_000_000_000;

export interface SendsFrom {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  /** The channel of each request; absent: the key's only one. */
  readonly channelOf?: (index: number) => string;
  readonly chats?: number;
}

/** The public send endpoint, or a baseline that takes the same requests. */
export function sendsTo({ name, url, key, channelOf, chats: chatCount = chats }: SendsFrom): Target {
  const address = new URL('/api/v1/telegram/interactive', url);
  const tail = `"telegram_interactive_message":${JSON.stringify(message)}}`;
  return {
    name,
    url: address,
    wanted: 201,
    request(index) {
      const chat = `{"destination_user_id":"${firstChat + (index % chatCount)}",`;
      const channel = channelOf === undefined ? '' : `"channel_id":"${channelOf(index)}",`;
      return post(address, { 'x-octopods-auth': key }, chat + channel + tail);
    },
  };
}

/** The same message straight to the simulated Telegram: what its own answer takes. */
export function straightToTelegram(telegramRoot: string, botToken: string): Target {
  const address = new URL(`${telegramRoot}/bot${botToken}/sendMessage`);
  const tail = `"text":${JSON.stringify(message.text)},"reply_markup":${JSON.stringify(message.reply_markup)}}`;
  return {
    name: 'straight to Telegram',
    url: address,
    wanted: 200,
    request: (index) => post(address, {}, `{"chat_id":${firstChat + (index % chats)},${tail}`),
  };
}
