import { describe, expect, it } from 'vitest';
import {
  button,
  choice,
  dotted,
  firstButton,
  inline,
  missing,
  query,
  type RefusedRow,
  refusal,
} from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const oneAction =
  'must have exactly one action: one of url, switch_inline_query_current_chat, callback_data, copy_text, web_app, login_url, switch_inline_query, switch_inline_query_chosen_chat, disabled.';

const rows: readonly RefusedRow[] = [
  [
    'a button that is a string',
    inline([['Go']]),
    4,
    firstButton,
    `${dotted}.reply_markup.inline_keyboard.0.0 must be an object, not a string.`,
  ],
  [
    'a button without a label',
    inline([[query]]),
    1,
    `${firstButton}/text`,
    missing(`${dotted}.reply_markup.inline_keyboard.0.0.text`),
  ],
  [
    'a blank label',
    inline([[{ ...choice, text: ' \u200b' }]]),
    4,
    `${firstButton}/text`,
    `${dotted}.reply_markup.inline_keyboard.0.0.text must have at least one visible character; Telegram removes a button without a label.`,
  ],
  ['a button without an action', button({}), 4, firstButton, `${dotted}.reply_markup.inline_keyboard.0.0 ${oneAction}`],
  [
    'a button with two actions',
    button({ ...query, url: 'https://example.com' }),
    4,
    firstButton,
    `${dotted}.reply_markup.inline_keyboard.0.0 ${oneAction}`,
  ],
  [
    'a button whose only action is null',
    button({ url: null }),
    4,
    firstButton,
    `${dotted}.reply_markup.inline_keyboard.0.0 ${oneAction}`,
  ],
  [
    'empty callback data',
    button({ callback_data: '' }),
    4,
    `${firstButton}/callback_data`,
    `${dotted}.reply_markup.inline_keyboard.0.0.callback_data must have 1 to 64 bytes of UTF-8.`,
  ],
  [
    '65 bytes of callback data',
    button({ callback_data: `${'é'.repeat(32)}a` }),
    4,
    `${firstButton}/callback_data`,
    `${dotted}.reply_markup.inline_keyboard.0.0.callback_data must have 1 to 64 bytes of UTF-8.`,
  ],
  [
    '257 characters to copy',
    button({ copy_text: { text: 'x'.repeat(257) } }),
    4,
    `${firstButton}/copy_text/text`,
    `${dotted}.reply_markup.inline_keyboard.0.0.copy_text.text must have 1 to 256 characters.`,
  ],
  [
    'a Web App over http',
    button({ web_app: { url: 'http://example.com' } }),
    4,
    `${firstButton}/web_app/url`,
    `${dotted}.reply_markup.inline_keyboard.0.0.web_app.url must begin with https://.`,
  ],
  [
    'a login without a scheme',
    button({ login_url: { url: 'example.com' } }),
    4,
    `${firstButton}/login_url/url`,
    `${dotted}.reply_markup.inline_keyboard.0.0.login_url.url must begin with https://.`,
  ],
  [
    'an unknown style',
    button({ ...query, style: 'pink' }),
    4,
    `${firstButton}/style`,
    `${dotted}.reply_markup.inline_keyboard.0.0.style must be one of primary, success, danger. Provided: pink.`,
  ],
  [
    'a query that is a number',
    button({ switch_inline_query_current_chat: 5 }),
    4,
    `${firstButton}/switch_inline_query_current_chat`,
    `${dotted}.reply_markup.inline_keyboard.0.0.switch_inline_query_current_chat must be a string, not a number.`,
  ],
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
  });
});
