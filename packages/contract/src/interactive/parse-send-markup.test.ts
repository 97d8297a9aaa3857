import { describe, expect, it } from 'vitest';
import {
  at,
  body,
  choice,
  dotted,
  force,
  inline,
  keyboard,
  many,
  missing,
  query,
  type RefusedRow,
  refusal,
  remove,
} from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const rows: readonly RefusedRow[] = [
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
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
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
});
