import { describe, expect, it } from 'vitest';
import { sendExamples } from '../operations/send-examples.ts';
import { parseSend } from './parse-send.ts';

const at = '/telegram_interactive_message';
const dotted = 'telegram_interactive_message';

const body = (message: unknown, envelope: object = {}) => ({
  destination_user_id: '123456789',
  telegram_interactive_message: message,
  ...envelope,
});
const inline = (rows: unknown) =>
  body({ type: 'reply_buttons', text: 'Hello', reply_markup: { inline_keyboard: rows } });
const button = (fields: object) => inline([[{ text: 'Go', ...fields }]]);
const keyboard = (rows: unknown, extra: object = {}) =>
  body({ type: 'reply_keyboard', text: 'Hello', reply_markup: { keyboard: rows, ...extra } });
const key = (fields: object) => keyboard([[{ text: 'Go', ...fields }]]);
const remove = (extra: object = {}, text: unknown = 'Hello') =>
  body({ type: 'remove_reply_keyboard', text, reply_markup: { remove_keyboard: true, ...extra } });
const force = (extra: object) =>
  body({ type: 'highlight_reply', text: 'Hello', reply_markup: { force_reply: true, ...extra } });
const query = { switch_inline_query_current_chat: 'q' };
const many = (count: number, entry: unknown) => Array.from({ length: count }, () => entry);
const choice = { text: 'Go', ...query };
const without = (value: object, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([field]) => field !== name));
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

const firstButton = `${at}/reply_markup/inline_keyboard/0/0`;
const firstKey = `${at}/reply_markup/keyboard/0/0`;

const wholeType =
  'You must supply Telegram Interactive Type as one of the valid types reply_buttons, reply_keyboard, remove_reply_keyboard, highlight_reply. Provided type: ';
const chatId =
  'destination_user_id must be a Telegram chat id: a whole number other than 0 of at most 52 bits without leading zeros, as in "123456789".';
const missing = (path: string) => `You must supply ${path} in your request payload.`;
const oneAction =
  'must have exactly one action: one of url, switch_inline_query_current_chat, callback_data, copy_text, web_app, login_url, switch_inline_query, switch_inline_query_chosen_chat.';

describe('parseSend with a valid body', () => {
  it.each(Object.entries(sendExamples))('accepts the documented example “%s” without changes', (_, { value }) => {
    expect(parseSend(value, { strict: true })).toEqual({ ok: true, value, warnings: [] });
  });

  it.each([
    ['a chat id as a JSON integer', { ...remove(), destination_user_id: 123456789 }],
    ['the id of a group', { ...remove(), destination_user_id: '-1001234567890' }],
    ['the largest chat id', { ...remove(), destination_user_id: '4503599627370495' }],
    [
      'the inbox senders',
      body(remove().telegram_interactive_message, { intercom_teammate_id: '814860', hubspot_user_id: '7' }),
    ],
    [
      'null for optional fields',
      body(remove({ selective: null }).telegram_interactive_message, { intercom_teammate_id: null }),
    ],
    ['4096 characters of two UTF-16 units each', remove({}, '😀'.repeat(4096))],
    ['4096 characters with white space around them', remove({}, ` \n${'a'.repeat(4096)}\n\n`)],
    ['an empty inline query', button({ switch_inline_query_current_chat: '' })],
    ['64 bytes of callback data', button({ callback_data: 'é'.repeat(32) })],
    ['a copy button', button({ copy_text: { text: 'x'.repeat(256) } })],
    ['a Web App button', button({ web_app: { url: 'https://example.com/app' } })],
    [
      'a login button',
      button({ login_url: { url: 'https://example.com/login', forward_text: 'In', request_write_access: true } }),
    ],
    ['an inline query to another chat', button({ switch_inline_query: '' })],
    [
      'an inline query to a chosen chat',
      button({ switch_inline_query_chosen_chat: { query: 'q', allow_user_chats: true } }),
    ],
    ['a style and an icon', button({ ...query, style: 'danger', icon_custom_emoji_id: '5368324170671202286' })],
    ['eight buttons in a row', inline([many(8, choice)])],
    ['a hundred buttons', inline([...many(12, many(8, choice)), many(4, choice)])],
    ['twelve keys in a row', keyboard([many(12, { text: 'Go' })])],
    ['three hundred keys', keyboard(many(25, many(12, { text: 'Go' })))],
    [
      'the settings of a keyboard',
      keyboard([[{ text: 'Go' }]], { is_persistent: true, selective: false, input_field_placeholder: 'x'.repeat(64) }),
    ],
    ['a key that asks for users', key({ request_users: { request_id: -2147483648, max_quantity: 10 } })],
    [
      'a key that asks for a chat',
      key({
        request_chat: { request_id: 1, chat_is_channel: false, bot_administrator_rights: { can_invite_users: true } },
      }),
    ],
    ['a key that asks for a poll', key({ request_poll: { type: 'quiz' } })],
    ['a key that asks for any poll', key({ request_poll: {} })],
    ['a key that opens a Web App', key({ web_app: { url: 'https://example.com' } })],
    ['a placeholder of one emoji', force({ input_field_placeholder: '😀' })],
    ['an unknown field nested sixteen deep', { ...remove(), extra: nested(15) }],
  ])('accepts %s', (_, value) => {
    expect(parseSend(value, { strict: false })).toMatchObject({ ok: true });
  });

  it('reads a bare string as a key, and a key with a false action as a plain key', () => {
    const parsed = parseSend(keyboard([['Yes', { text: 'No', request_contact: false, request_location: false }]]), {
      strict: true,
    });
    expect(parsed).toEqual({
      ok: true,
      value: keyboard([[{ text: 'Yes' }, { text: 'No' }]]),
      warnings: [],
    });
  });

  it('returns a numeric chat id as a string', () => {
    const parsed = parseSend({ ...remove(), destination_user_id: -1001234567890 }, { strict: true });
    expect(parsed).toMatchObject({ ok: true, value: { destination_user_id: '-1001234567890' } });
  });

  it('removes nulls from the value', () => {
    expect(
      parseSend(body(remove({ selective: null }).telegram_interactive_message, { channel_id: null }), { strict: true }),
    ).toEqual({
      ok: true,
      value: remove(),
      warnings: [],
    });
  });
});

type Row = readonly [what: string, input: unknown, code: 1 | 2 | 4, pointer: string, message: string];

const rows: readonly Row[] = [
  // The envelope
  ['no chat id', without(remove(), 'destination_user_id'), 1, '/destination_user_id', missing('destination_user_id')],
  [
    'a null chat id',
    { ...remove(), destination_user_id: null },
    1,
    '/destination_user_id',
    missing('destination_user_id'),
  ],
  [
    'an empty chat id',
    { ...remove(), destination_user_id: '' },
    1,
    '/destination_user_id',
    missing('destination_user_id'),
  ],
  ...(
    [
      '0',
      '00123',
      '-0',
      '12a',
      '+1',
      ' 1',
      '1.5',
      '4503599627370496',
      '12345678901234567',
      '@name',
      0,
      1.5,
      2 ** 52,
      true,
      {},
    ] as const
  ).map(
    (id): Row => [
      `the chat id ${JSON.stringify(id)}`,
      { ...remove(), destination_user_id: id },
      4,
      '/destination_user_id',
      chatId,
    ],
  ),
  ['no message', { destination_user_id: '1' }, 1, at, missing(dotted)],
  ['a null message', body(null), 1, at, missing(dotted)],
  ['an empty message string', body(''), 1, at, missing(dotted)],
  [
    'a message that is a number',
    body(5),
    4,
    at,
    `${dotted} must be an object with type, text and reply_markup, or the same object as a JSON string.`,
  ],
  [
    'a message string that is not JSON',
    body('{'),
    4,
    at,
    `${dotted} must be an object, or a string that contains one as JSON: this string is not valid JSON.`,
  ],
  [
    'a message string with another JSON value',
    body('[]'),
    4,
    at,
    `${dotted} must be an object, or a string that contains one as JSON: this string contains another JSON value.`,
  ],
  [
    'a message string in a message string',
    body(JSON.stringify(JSON.stringify(remove().telegram_interactive_message))),
    4,
    at,
    `${dotted} must be an object, or a string that contains one as JSON: this string contains another JSON value.`,
  ],
  [
    'a teammate that is a number',
    { ...remove(), intercom_teammate_id: 5 },
    4,
    '/intercom_teammate_id',
    'intercom_teammate_id must be a string, not a number.',
  ],
  [
    'a channel id with another prefix',
    { ...remove(), channel_id: 'x' },
    4,
    '/channel_id',
    'channel_id must be an id that begins with chn_, as the API returned it.',
  ],
  // Type and text
  [
    'no type',
    body(without(remove().telegram_interactive_message as object, 'type')),
    1,
    `${at}/type`,
    missing(`${dotted}.type`),
  ],
  ['a null type', body({ text: 'x', reply_markup: {}, type: null }), 1, `${at}/type`, missing(`${dotted}.type`)],
  [
    'an unknown type',
    body({ text: 'x', reply_markup: {}, type: 'dropdown' }),
    4,
    `${at}/type`,
    `${wholeType}dropdown.`,
  ],
  ['an empty type', body({ text: 'x', reply_markup: {}, type: '' }), 4, `${at}/type`, `${wholeType}.`],
  ['a type that is a number', body({ text: 'x', reply_markup: {}, type: 7 }), 4, `${at}/type`, `${wholeType}7.`],
  [
    'a type that is an array',
    body({ text: 'x', reply_markup: {}, type: ['reply_buttons'] }),
    4,
    `${at}/type`,
    `${wholeType}array.`,
  ],
  [
    'a type that is a property of every object',
    body({ text: 'x', reply_markup: {}, type: 'constructor' }),
    4,
    `${at}/type`,
    `${wholeType}constructor.`,
  ],
  [
    'no text',
    body({ type: 'remove_reply_keyboard', reply_markup: { remove_keyboard: true } }),
    1,
    `${at}/text`,
    missing(`${dotted}.text`),
  ],
  ...['', ' \n\t ', '\u200b\u200d\u2060'.slice(0, 2), '\u2800', '\u00a0\u3000', '\ufeff', '\u030a'].map(
    (text): Row => [
      `the text ${JSON.stringify(text)}`,
      remove({}, text),
      2,
      `${at}/text`,
      `${dotted}.text must not be empty: supply a text with at least one visible character.`,
    ],
  ),
  ['a text that is a number', remove({}, 5), 4, `${at}/text`, `${dotted}.text must be a string, not a number.`],
  [
    '4097 characters',
    remove({}, '😀'.repeat(4097)),
    4,
    `${at}/text`,
    `${dotted}.text must have at most 4096 characters (Unicode code points, not counting white space at both ends).`,
  ],
  [
    'a text with NUL',
    remove({}, 'a\0b'),
    4,
    `${at}/text`,
    `${dotted}.text must not contain the character NUL; remove it.`,
  ],
  [
    'half of a surrogate pair',
    remove({}, 'a\ud83d'),
    4,
    `${at}/text`,
    `${dotted}.text must be valid Unicode; it contains half of a surrogate pair.`,
  ],
  [
    'NUL in an unknown field',
    { ...remove(), extra: ['\0'] },
    4,
    '/extra/0',
    'extra.0 must not contain the character NUL; remove it.',
  ],
  [
    'NUL in an unknown name',
    { ...remove(), 'a\0': 1 },
    4,
    '/a\0',
    'a\0 as a name must not contain the character NUL; remove it.',
  ],
  // Markup
  ['no markup', body({ type: 'reply_buttons', text: 'x' }), 1, `${at}/reply_markup`, missing(`${dotted}.reply_markup`)],
  [
    'a markup that is a string',
    body({ type: 'reply_buttons', text: 'x', reply_markup: '{}' }),
    4,
    `${at}/reply_markup`,
    `${dotted}.reply_markup must be an object, not a string.`,
  ],
  [
    'no inline keyboard',
    body({ type: 'reply_buttons', text: 'x', reply_markup: {} }),
    1,
    `${at}/reply_markup/inline_keyboard`,
    missing(`${dotted}.reply_markup.inline_keyboard`),
  ],
  [
    'no keyboard',
    body({ type: 'reply_keyboard', text: 'x', reply_markup: {} }),
    1,
    `${at}/reply_markup/keyboard`,
    missing(`${dotted}.reply_markup.keyboard`),
  ],
  [
    'no remove_keyboard',
    body({ type: 'remove_reply_keyboard', text: 'x', reply_markup: {} }),
    1,
    `${at}/reply_markup/remove_keyboard`,
    missing(`${dotted}.reply_markup.remove_keyboard`),
  ],
  [
    'no force_reply',
    body({ type: 'highlight_reply', text: 'x', reply_markup: {} }),
    1,
    `${at}/reply_markup/force_reply`,
    missing(`${dotted}.reply_markup.force_reply`),
  ],
  [
    'remove_keyboard false',
    remove({ remove_keyboard: false }),
    4,
    `${at}/reply_markup/remove_keyboard`,
    `${dotted}.reply_markup.remove_keyboard must be true. Provided: false.`,
  ],
  [
    'force_reply false',
    force({ force_reply: false }),
    4,
    `${at}/reply_markup/force_reply`,
    `${dotted}.reply_markup.force_reply must be true. Provided: false.`,
  ],
  [
    'an empty placeholder',
    force({ input_field_placeholder: '' }),
    4,
    `${at}/reply_markup/input_field_placeholder`,
    `${dotted}.reply_markup.input_field_placeholder must have 1 to 64 characters, not all of them invisible.`,
  ],
  [
    'a placeholder of 65 characters',
    keyboard([['a']], { input_field_placeholder: 'x'.repeat(65) }),
    4,
    `${at}/reply_markup/input_field_placeholder`,
    `${dotted}.reply_markup.input_field_placeholder must have 1 to 64 characters, not all of them invisible.`,
  ],
  [
    'a setting that is not a boolean',
    keyboard([['a']], { resize_keyboard: 1 }),
    4,
    `${at}/reply_markup/resize_keyboard`,
    `${dotted}.reply_markup.resize_keyboard must be true or false, not a number.`,
  ],
  [
    'a keyboard without rows',
    inline([]),
    4,
    `${at}/reply_markup/inline_keyboard`,
    `${dotted}.reply_markup.inline_keyboard must have at least one button.`,
  ],
  [
    'an empty row',
    inline([[choice], []]),
    4,
    `${at}/reply_markup/inline_keyboard/1`,
    `${dotted}.reply_markup.inline_keyboard.1 must have at least one button.`,
  ],
  [
    'a row that is an object',
    inline([choice]),
    4,
    `${at}/reply_markup/inline_keyboard/0`,
    `${dotted}.reply_markup.inline_keyboard.0 must be an array, not an object.`,
  ],
  [
    'a null row',
    keyboard([null]),
    4,
    `${at}/reply_markup/keyboard/0`,
    `${dotted}.reply_markup.keyboard.0 must be an array, not null.`,
  ],
  [
    'nine buttons in a row',
    inline([many(9, choice)]),
    4,
    `${at}/reply_markup/inline_keyboard/0`,
    `${dotted}.reply_markup.inline_keyboard.0 must have at most 8 buttons in a row.`,
  ],
  [
    '101 buttons',
    inline([...many(12, many(8, choice)), many(5, choice)]),
    4,
    `${at}/reply_markup/inline_keyboard`,
    `${dotted}.reply_markup.inline_keyboard must have at most 100 buttons in total.`,
  ],
  [
    'thirteen keys in a row',
    keyboard([many(13, 'a')]),
    4,
    `${at}/reply_markup/keyboard/0`,
    `${dotted}.reply_markup.keyboard.0 must have at most 12 keys in a row.`,
  ],
  [
    '301 keys',
    keyboard([...many(25, many(12, 'a')), ['a']]),
    4,
    `${at}/reply_markup/keyboard`,
    `${dotted}.reply_markup.keyboard must have at most 300 keys in total.`,
  ],
  [
    'a markup over 10 KB',
    inline(many(2, [{ text: 'é'.repeat(2600), ...query }])),
    4,
    `${at}/reply_markup`,
    `${dotted}.reply_markup must be at most 10240 bytes of JSON in total; shorten the labels and the data of the buttons.`,
  ],
  // Buttons
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
  // Keys
  [
    'a key that is a number',
    keyboard([[5]]),
    4,
    firstKey,
    `${dotted}.reply_markup.keyboard.0.0 must be an object with text, or a string.`,
  ],
  [
    'a key that is null',
    keyboard([[null]]),
    4,
    firstKey,
    `${dotted}.reply_markup.keyboard.0.0 must be an object with text, or a string.`,
  ],
  [
    'a key without a label',
    keyboard([[{ request_contact: true }]]),
    1,
    `${firstKey}/text`,
    missing(`${dotted}.reply_markup.keyboard.0.0.text`),
  ],
  [
    'a blank bare key',
    keyboard([[' ']]),
    4,
    firstKey,
    `${dotted}.reply_markup.keyboard.0.0 must have at least one visible character; Telegram removes a button without a label.`,
  ],
  [
    'a key with two actions',
    key({ request_contact: true, request_location: true }),
    4,
    firstKey,
    `${dotted}.reply_markup.keyboard.0.0 must have at most one action: one of request_contact, request_location, request_users, request_chat, request_poll, web_app.`,
  ],
  [
    'request_contact as text',
    key({ request_contact: 'true' }),
    4,
    `${firstKey}/request_contact`,
    `${dotted}.reply_markup.keyboard.0.0.request_contact must be true or false, not a string.`,
  ],
  [
    'eleven users',
    key({ request_users: { request_id: 1, max_quantity: 11 } }),
    4,
    `${firstKey}/request_users/max_quantity`,
    `${dotted}.reply_markup.keyboard.0.0.request_users.max_quantity must be at most 10.`,
  ],
  [
    'a chat without its kind',
    key({ request_chat: { request_id: 1 } }),
    1,
    `${firstKey}/request_chat/chat_is_channel`,
    missing(`${dotted}.reply_markup.keyboard.0.0.request_chat.chat_is_channel`),
  ],
  // The whole body
  ['a body that is null', null, 4, '', 'The request body must be an object, not null.'],
  ['a body that is an array', [], 4, '', 'The request body must be an object, not an array.'],
  [
    '17 levels of nesting',
    { ...remove(), extra: nested(16) },
    4,
    `/extra${'/0'.repeat(15)}`,
    `extra${'.0'.repeat(15)} must not be nested deeper than 16 levels.`,
  ],
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, code, pointer, message) => {
    expect(parseSend(input, { strict: false })).toEqual({ ok: false, code, message, details: [{ pointer, message }] });
  });

  it('names every required field of a request without a body', () => {
    expect(parseSend(undefined, { strict: false })).toMatchObject({
      ok: false,
      code: 1,
      details: [{ pointer: '/destination_user_id' }, { pointer: at }],
    });
  });

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

  it('lists the problems of the envelope next to a message that is not JSON', () => {
    const parsed = parseSend({ telegram_interactive_message: '{' }, { strict: false });
    expect(parsed).toMatchObject({
      ok: false,
      code: 1,
      details: [{ pointer: '/destination_user_id' }, { pointer: at }],
    });
  });

  it('lists the problems inside a row that is too long', () => {
    const parsed = parseSend(inline([[...many(8, choice), { ...choice, text: '' }]]), { strict: false });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual([
      `${at}/reply_markup/inline_keyboard/0/8/text`,
      `${at}/reply_markup/inline_keyboard/0`,
    ]);
  });

  it.each([
    ['one row', inline([many(30_000, 0)])],
    ['many rows', inline(many(20_000, [0]))],
    ['empty rows', keyboard(many(20_000, []))],
    ['rows that are not arrays', keyboard(many(30_000, 0))],
    ['valid keys', keyboard(many(500, many(40, 'a')))],
  ])('validates at most a thousand buttons of a keyboard with %s', (_, input) => {
    const parsed = parseSend(input, { strict: true });
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? 0 : parsed.details.length).toBeLessThan(1100);
    expect(
      parseSend(
        { ...input, telegram_interactive_message: JSON.stringify(input.telegram_interactive_message) },
        { strict: true },
      ),
    ).toEqual(parsed);
  });

  it.each([
    ['a zero width space and a word joiner', '\u200b\u2060'],
    ['invisible operators and isolates', '\u2061\u2064\u2066\u2069'],
    ['a soft hyphen and a byte order mark', '\u00ad\ufeff'],
    ['a variation selector and tags', '\ufe0f\u{e0020}\u{e007f}'],
  ])('treats a text of only %s as empty', (_, text) => {
    expect(parseSend(remove({}, text), { strict: false })).toMatchObject({
      ok: false,
      code: 2,
      details: [{ pointer: `${at}/text` }],
    });
    expect(parseSend(remove({}, `${text}.`), { strict: false }).ok).toBe(true);
  });

  it('accepts an emoji that contains invisible characters as a text', () => {
    for (const text of ['❤\ufe0f', '👩\u200d👩\u200d👧', '🏴\u{e0067}\u{e0062}\u{e007f}']) {
      expect(parseSend(remove({}, text), { strict: false }).ok).toBe(true);
    }
  });

  it('reports one problem for a value that breaks two rules with the same sentence', () => {
    const parsed = parseSend({ ...remove(), destination_user_id: Number('12345678901234567890') }, { strict: false });
    expect(parsed.ok ? [] : parsed.details).toEqual([{ pointer: '/destination_user_id', message: chatId }]);
  });

  it.each([
    ['reply_buttons', 'inline_keyboard', { keyboard: [['Go']] }, 'keyboard', 'reply_keyboard'],
    ['reply_keyboard', 'keyboard', { inline_keyboard: [[choice]] }, 'inline_keyboard', 'reply_buttons'],
    ['highlight_reply', 'force_reply', { remove_keyboard: true }, 'remove_keyboard', 'remove_reply_keyboard'],
    ['remove_reply_keyboard', 'remove_keyboard', { force_reply: true }, 'force_reply', 'highlight_reply'],
  ])('names the right markup of %s, and the type of the given markup', (type, own, reply_markup, other, owner) => {
    const message = `You must supply ${dotted}.reply_markup.${own} in your request payload: the type ${type} takes ${own}, and ${other} belongs to the type ${owner}.`;
    expect(parseSend(body({ type, text: 'x', reply_markup }), { strict: false })).toEqual({
      ok: false,
      code: 1,
      message,
      details: [{ pointer: `${at}/reply_markup/${own}`, message }],
    });
  });

  it('shortens a long unknown type in the message', () => {
    const parsed = parseSend(body({ type: 'x'.repeat(5000), text: 'x', reply_markup: {} }), { strict: false });
    expect(parsed.ok ? '' : parsed.message).toBe(`${wholeType}${'x'.repeat(100)}.`);
  });
});

describe('unknown fields of a send', () => {
  const typo = body(
    { type: 'reply_buttons', text: 'x', texd: null, reply_markup: { inline_keyboard: [[{ ...choice, 'a/b~c': 1 }]] } },
    { open: true },
  );
  const places = [`${firstButton}/a~1b~0c`, `${at}/texd`, '/open'];

  it('are ignored and named in warnings', () => {
    const parsed = parseSend(typo, { strict: false });
    expect(parsed).toMatchObject({
      ok: true,
      value: body({ type: 'reply_buttons', text: 'x', reply_markup: { inline_keyboard: [[choice]] } }),
    });
    expect(parsed.ok ? parsed.warnings.map(({ pointer }) => pointer) : []).toEqual(places);
    expect(parsed.ok ? parsed.warnings[2]?.message : '').toBe('open is not a field of this API and was ignored.');
  });

  it('are errors with handling=strict', () => {
    const parsed = parseSend(typo, { strict: true });
    expect(parsed).toMatchObject({ ok: false, code: 4 });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual(places);
  });

  it('named __proto__ or constructor are ordinary fields and do not change any prototype', () => {
    const input: unknown = JSON.parse(
      `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(remove()).slice(1)}`,
    );
    const parsed = parseSend(input, { strict: false });
    expect(parsed.ok ? parsed.warnings.map(({ pointer }) => pointer) : []).toEqual(['/__proto__', '/constructor']);
    expect(parsed.ok && Object.getPrototypeOf(parsed.value) === Object.prototype).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(parseSend(input, { strict: true })).toMatchObject({ ok: false, code: 4 });
  });

  it('do not count as the action of a button', () => {
    expect(parseSend(button({ pay: true }), { strict: false })).toMatchObject({
      ok: false,
      code: 4,
      details: [{ pointer: firstButton }],
    });
  });
});
