import { describe, expect, it } from 'vitest';
import {
  at,
  body,
  dotted,
  missing,
  nested,
  type RefusedRow,
  refusal,
  remove,
  without,
} from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const chatId =
  'destination_user_id must be a Telegram chat id: a whole number other than 0 of at most 52 bits without leading zeros, as in "123456789".';

const rows: readonly RefusedRow[] = [
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
    (id): RefusedRow => [
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
    'a teammate that is a fraction',
    { ...remove(), intercom_teammate_id: 5.5 },
    4,
    '/intercom_teammate_id',
    'intercom_teammate_id must be the id of a sender: a string of 1 to 255 characters, or a whole number.',
  ],
  [
    'a channel id with another prefix',
    { ...remove(), channel_id: 'x' },
    4,
    '/channel_id',
    'channel_id must be an id that begins with chn_, as the API returned it.',
  ],
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
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
  });

  it('names every required field of a request without a body', () => {
    expect(parseSend(undefined, { strict: false })).toMatchObject({
      ok: false,
      code: 1,
      details: [{ pointer: '/destination_user_id' }, { pointer: at }],
    });
  });

  it('lists the problems of the envelope next to a message that is not JSON', () => {
    const parsed = parseSend({ telegram_interactive_message: '{' }, { strict: false });
    expect(parsed).toMatchObject({
      ok: false,
      code: 1,
      details: [{ pointer: '/destination_user_id' }, { pointer: at }],
    });
  });

  it('reports one problem for a value that breaks two rules with the same sentence', () => {
    const parsed = parseSend({ ...remove(), destination_user_id: Number('12345678901234567890') }, { strict: false });
    expect(parsed.ok ? [] : parsed.details).toEqual([{ pointer: '/destination_user_id', message: chatId }]);
  });
});
