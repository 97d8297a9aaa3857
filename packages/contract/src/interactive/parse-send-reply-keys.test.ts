import { describe, expect, it } from 'vitest';
import { at, dotted, key, keyboard, missing, type RefusedRow, refusal } from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

const firstKey = `${at}/reply_markup/keyboard/0/0`;

const rows: readonly RefusedRow[] = [
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
    `${dotted}.reply_markup.keyboard.0.0 must have at most one action: one of request_contact, request_location, request_users, request_chat, request_poll, request_managed_bot, web_app.`,
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
];

describe('parseSend with an invalid body', () => {
  it.each(rows)('refuses %s', (_, input, ...refused) => {
    expect(parseSend(input, { strict: false })).toEqual(refusal(...refused));
  });
});
