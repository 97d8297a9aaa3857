import { describe, expect, it } from 'vitest';
import { at, body, choice, dotted, inline, many, missing } from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

describe('parseSend with an invalid body', () => {
  it('lists every problem, and the lowest code decides', () => {
    const input = {
      destination_user_id: '007',
      telegram_interactive_message: {
        type: 'reply_buttons',
        text: ' ',
        reply_markup: { inline_keyboard: [[{ url: 'http://localhost', callback_data: '' }, 5], []] },
      },
    };
    const parsed = parseSend(input, { strict: false });
    expect(parsed).toMatchObject({
      ok: false,
      code: 1,
      message: missing(`${dotted}.reply_markup.inline_keyboard.0.0.text`),
    });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer.replace(at, ''))).toEqual([
      '/reply_markup/inline_keyboard/0/0/text',
      '/text',
      '/destination_user_id',
      '/reply_markup/inline_keyboard/0/0/url',
      '/reply_markup/inline_keyboard/0/0/callback_data',
      '/reply_markup/inline_keyboard/0/0',
      '/reply_markup/inline_keyboard/0/1',
      '/reply_markup/inline_keyboard/1',
    ]);
  });

  it('lists the problems of the text and the envelope next to an unknown type', () => {
    const parsed = parseSend(body({ type: 'dropdown', text: '' }, { destination_user_id: '0' }), { strict: false });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual([
      `${at}/reply_markup`,
      `${at}/text`,
      '/destination_user_id',
      `${at}/type`,
    ]);
  });

  it('lists the problems inside a row that is too long', () => {
    const parsed = parseSend(inline([[...many(8, choice), { ...choice, text: '' }]]), { strict: false });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual([
      `${at}/reply_markup/inline_keyboard/0/8/text`,
      `${at}/reply_markup/inline_keyboard/0`,
    ]);
  });
});
