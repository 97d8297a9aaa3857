import { describe, expect, it } from 'vitest';
import { fingerprintOfWire, traceOf } from './message-fingerprint.ts';

const bot = { botId: '42', username: 'acme_bot', name: 'Acme', supportsInlineQueries: false };
const buttons = {
  inline_keyboard: [
    [{ text: 'Track', url: 'https://example.com' }],
    [
      { text: 'Yes', callback_data: 'yes' },
      { text: 'Log in', login_url: { url: 'https://example.com/in' } },
    ],
  ],
};
const wire = { chat_id: 7, text: ' Your order\nhas shipped. ', reply_markup: buttons };
/** As Telegram gives it back. */
const shown = {
  message_id: 99,
  from: { id: 42, is_bot: true },
  chat: { id: 7, type: 'private', first_name: 'Grace' },
  date: 1_700_000_000,
  text: 'Your order\nhas shipped.',
  reply_markup: {
    inline_keyboard: [
      [{ text: 'Track', url: 'https://example.com/' }],
      [
        { text: 'Yes', callback_data: 'yes' },
        { text: 'Log in', url: 'https://example.com/in' },
      ],
    ],
  },
};
const raw = (update: object) => Buffer.from(JSON.stringify({ update_id: 1, ...update }));
const tapOn = (message: object) => raw({ callback_query: { id: '1', from: { id: 7 }, message } });
const quote = (message: object) => raw({ message: { message_id: 100, date: 1, reply_to_message: message } });

describe('a trace of the bot’s message', () => {
  it.each([
    ['a tap', tapOn(shown)],
    ['a quote', quote(shown)],
  ])('is in %s, and is identified by the message’s text and buttons', (_name, update) => {
    const trace = traceOf(update, bot);
    expect(trace).toMatchObject({ chatId: '7', channelMessageId: '99', sentAtMs: 1_700_000_000_000 });
    expect(trace?.fingerprint).toBe(fingerprintOfWire(wire));
  });

  it('is identified when the tapped button is marked', () => {
    const [first, [, login] = []] = shown.reply_markup.inline_keyboard;
    const marked = { inline_keyboard: [first, [{ text: '✓ Yes', callback_data: 'yes' }, login]] };
    expect(traceOf(tapOn({ ...shown, reply_markup: marked }), bot)?.fingerprint).toBe(fingerprintOfWire(wire));
  });

  it.each([
    ['other words', { ...wire, text: 'Your order is late.' }],
    ['no buttons', { ...wire, reply_markup: { remove_keyboard: true } }],
    ['another button', { ...wire, reply_markup: { inline_keyboard: [[{ text: 'Track', callback_data: 't' }]] } }],
  ])('is a different one with %s', (_name, other) => {
    expect(traceOf(tapOn(shown), bot)?.fingerprint).not.toBe(fingerprintOfWire(other));
  });

  it('is identified by the words of its blocks when it is a rich message', () => {
    const { text: _, reply_markup: __, ...rich } = shown;
    const cells = [[{ text: 'Tea' }, { text: { type: 'bold', text: '2 €' } }]];
    const list = (label: object) => ({
      type: 'list',
      items: [{ ...label, blocks: [{ type: 'paragraph', text: 'Hot' }] }],
    });
    const given = { blocks: [list({ label: '1.' }), { type: 'table', cells }] };
    const sent = { chat_id: 7, rich_message: { blocks: [list({}), { type: 'table', cells }] } };
    expect(traceOf(quote({ ...rich, rich_message: given }), bot)?.fingerprint).toBe(fingerprintOfWire(sent));
    expect(fingerprintOfWire(sent)).not.toBe(fingerprintOfWire({ ...sent, rich_message: { blocks: [list({})] } }));
  });

  it('is identified by its caption when it has a file', () => {
    const { text: _, reply_markup: __, ...photo } = shown;
    const trace = traceOf(quote({ ...photo, caption: 'Your cat', photo: [] }), bot);
    expect(trace?.fingerprint).toBe(fingerprintOfWire({ chat_id: 7, caption: 'Your cat' }));
  });
});

describe('a missing trace', () => {
  it.each([
    ['in a message that answers nothing', raw({ message: { message_id: 1, text: 'Hi' } })],
    ['of another sender’s message', quote({ ...shown, from: { id: 7 } })],
    ['of a message that Telegram does not show any more', tapOn({ message_id: 99, chat: shown.chat, date: 0 })],
    ['of a message without words', quote({ ...shown, text: undefined })],
    ['in what is no JSON', Buffer.from('{')],
    ['in what is no update', Buffer.from('[]')],
  ])('%s', (_name, update) => {
    expect(traceOf(update, bot)).toBeNull();
  });

  it('is that of a message without text', () => {
    expect(fingerprintOfWire({ chat_id: 7, file: { url: 'https://example.com/a' } })).toBeNull();
  });
});
