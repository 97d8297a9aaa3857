import { describe, expect, it } from 'vitest';
import { sendExamples } from '../operations/send-examples.ts';
import {
  body,
  button,
  choice,
  force,
  inline,
  key,
  keyboard,
  many,
  nested,
  query,
  remove,
} from '../testing/send-bodies.ts';
import { parseSend } from './parse-send.ts';

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
      'the inbox senders as JSON integers',
      body(remove().telegram_interactive_message, { intercom_teammate_id: 814860, hubspot_user_id: 0 }),
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
    ['a disabled button', button({ disabled: {} })],
    [
      'buttons that also ask for a reply',
      body({ type: 'reply_buttons', text: 'Hi', reply_markup: { inline_keyboard: [[choice]], force_reply: true } }),
    ],
    ['keys that also ask for a reply', keyboard([['Yes']], { force_reply: true })],
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
    ['a key that asks for a bot', key({ request_managed_bot: { request_id: 1, suggested_name: 'Ours' } })],
    ['a key that opens a Web App', key({ web_app: { url: 'https://example.com' } })],
    ['a placeholder of one emoji', force({ input_field_placeholder: '😀' })],
    ['an unknown field nested sixteen deep', { ...remove(), extra: nested(15) }],
  ])('accepts %s', (_, value) => {
    expect(parseSend(value, { strict: false })).toMatchObject({ ok: true });
  });

  it('reads the id of a sender as a string', () => {
    const sent = body(remove().telegram_interactive_message, { intercom_teammate_id: 814860 });
    expect(parseSend(sent, { strict: true })).toMatchObject({ ok: true, value: { intercom_teammate_id: '814860' } });
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
