import { describe, expect, it } from 'vitest';
import { at, body, dotted, missing, type RefusedRow, refusal, remove, without } from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const wholeType =
  'You must supply Telegram Interactive Type as one of the valid types reply_buttons, reply_keyboard, remove_reply_keyboard, highlight_reply. Provided type: ';

const rows: readonly RefusedRow[] = [
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
    (text): RefusedRow => [
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
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
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

  it('shortens a long unknown type in the message', () => {
    const parsed = parseSend(body({ type: 'x'.repeat(5000), text: 'x', reply_markup: {} }), { strict: false });
    expect(parsed.ok ? '' : parsed.message).toBe(`${wholeType}${'x'.repeat(100)}.`);
  });
});

describe('a type that only the general endpoint sends', () => {
  it.each([
    ['text', {}, 1, 'There is no type "text". To send text without buttons use POST /api/v1/messages.'],
    ['photo', {}, 1, 'There is no type "photo". To send a photo use POST /api/v1/messages.'],
    [
      'text',
      { reply_markup: {} },
      4,
      'There is no type "text". To send text without buttons use POST /api/v1/messages.',
    ],
  ])('%s is pointed there, with the code and the problems of before', (type, more, code, sentence) => {
    const parsed = parseSend(body({ type, text: 'Hello', ...more }), { strict: false });
    expect(parsed).toMatchObject({ ok: false, code, message: sentence });
    const messages = parsed.ok ? [] : parsed.details.map(({ message }) => message);
    expect(messages).toContain(`${wholeType}${type}.`);
  });
});
