import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../../testing/telegram-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const send = (parameters: Readonly<Record<string, unknown>>) =>
  rig.call('sendMessage', { chat_id: 501, text: 'hello', ...parameters });

const refusal = async (parameters: Readonly<Record<string, unknown>>) => {
  const { status, body } = await send(parameters);
  return [status, body.description];
};

const inline = (...buttons: readonly unknown[]) => ({ inline_keyboard: [buttons] });
const keys = (...buttons: readonly unknown[]) => ({ keyboard: [buttons] });
const button = "can't parse inline keyboard button:";
const key = "can't parse keyboard button:";
const link = (url: string, why: string) => `inline keyboard button URL '${url}' is invalid: ${why}`;

const refusals: readonly (readonly [
  what: string,
  parameters: Readonly<Record<string, unknown>>,
  description: string,
])[] = [
  ['no text', { text: undefined }, 'message text is empty'],
  ['an empty text', { text: '' }, 'message text is empty'],
  ['only white space', { text: ' \n\t ' }, 'text must be non-empty'],
  ['only invisible characters', { text: '\u200b\u2800' }, 'text must be non-empty'],
  ['4097 code points', { text: '😀'.repeat(4097) }, 'message is too long'],
  ['more than 32768 bytes', { text: 'a'.repeat(32769) }, 'text is too long'],
  ['an unknown parse mode', { parse_mode: 'BBCode' }, 'unsupported parse_mode'],
  ['no chat', { chat_id: undefined }, 'chat_id is empty'],
  ['an unknown chat', { chat_id: 502 }, 'chat not found'],
  ['a chat id that is not a number', { chat_id: 'ana' }, 'chat not found'],
  ['the username of a person', { chat_id: '@ana' }, 'chat not found'],
  ['a topic in a private chat', { message_thread_id: 7 }, 'message thread not found'],
  ['a reply to nothing', { reply_parameters: { message_id: 999 } }, 'message to be replied not found'],
  ['a reply without a message', { reply_parameters: {} }, 'message identifier is not specified'],
  ['reply parameters that are not an object', { reply_parameters: '[]' }, 'object expected as reply parameters'],
  ['reply parameters that are not JSON', { reply_parameters: '{' }, "can't parse reply parameters JSON object"],
  ['markup that is not JSON', { reply_markup: '{' }, "can't parse reply keyboard markup JSON object"],
  ['markup that is a list', { reply_markup: [] }, 'object expected as reply markup'],
  ['markup that is null', { reply_markup: null }, 'object expected as reply markup'],
  ['markup stringified twice', { reply_markup: JSON.stringify('{}') }, 'object expected as reply markup'],
  ['a keyboard of keys', { reply_markup: { keyboard: ['a'] } }, 'field "keyboard" must be an Array of Arrays'],
  [
    'an inline keyboard of buttons',
    { reply_markup: { inline_keyboard: [{ text: 'a' }] } },
    'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
  ],
  [
    'an inline keyboard that is null',
    { reply_markup: { inline_keyboard: null } },
    'field "inline_keyboard" must be of type Array',
  ],
  ['a keyboard that is an object', { reply_markup: { keyboard: {} } }, 'field "keyboard" must be of type Array'],
  ['a key that is a number', { reply_markup: keys(1) }, `${key} KeyboardButton must be a String or an Object`],
  ['a button that is a string', { reply_markup: inline('a') }, `${button} InlineKeyboardButton must be an Object`],
  ['a key without a label', { reply_markup: keys({}) }, `${key} Can't find field "text"`],
  ['a button without a label', { reply_markup: inline({ url: 'a.example' }) }, `${button} Can't find field "text"`],
  [
    'a string where a Boolean belongs',
    { reply_markup: keys({ text: 'a', request_contact: 'true' }) },
    `${key} Field "request_contact" must be of type Boolean`,
  ],
  ['an unknown style', { reply_markup: keys({ text: 'a', style: 'purple' }) }, `${key} invalid button style specified`],
  [
    'a button without an action',
    { reply_markup: inline({ text: 'a' }) },
    `${button} Text buttons are unallowed in the inline keyboard`,
  ],
  [
    'a URL without a dot',
    { reply_markup: inline({ text: 'a', url: 'http://gateway:3000' }) },
    link('http://gateway:3000', 'Wrong HTTP URL'),
  ],
  [
    'a URL of another scheme',
    { reply_markup: inline({ text: 'a', url: 'happ://add/x' }) },
    link('happ://add/x', 'Unsupported URL protocol'),
  ],
  [
    'a URL without a host',
    { reply_markup: inline({ text: 'a', url: 'https:///x' }) },
    link('https:///x', 'URL host is empty'),
  ],
  [
    'a URL with a wrong port',
    { reply_markup: inline({ text: 'a', url: 'a.example:0' }) },
    link('a.example:0', 'Wrong port number specified in the URL'),
  ],
  [
    'a URL with a space in the host',
    { reply_markup: inline({ text: 'a', url: 'a b.example' }) },
    link('a b.example', 'Disallowed character in URL host'),
  ],
  [
    'a Web App without HTTPS',
    { reply_markup: inline({ text: 'a', web_app: { url: 'http://a.example' } }) },
    "inline keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
  ],
  [
    'a login without HTTPS',
    { reply_markup: inline({ text: 'a', login_url: { url: 'http://a.example' } }) },
    "inline keyboard button login URL 'http://a.example' is invalid: Only HTTPS links are allowed",
  ],
  [
    'a Web App key without HTTPS',
    { reply_markup: keys({ text: 'a', web_app: { url: 'http://a.example' } }) },
    "keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
  ],
  [
    '65 bytes of callback data',
    { reply_markup: inline({ text: 'a', callback_data: 'ä'.repeat(33) }) },
    'BUTTON_DATA_INVALID',
  ],
  [
    'more than 10 KB of markup',
    {
      reply_markup: {
        inline_keyboard: Array.from({ length: 8 }, () => [{ text: 'a'.repeat(1500), callback_data: 'a' }]),
      },
    },
    'reply markup is too long',
  ],
];

describe('sendMessage refuses, with Telegram’s error,', () => {
  it.each(refusals)('%s', async (_, parameters, description) => {
    expect(await refusal(parameters)).toEqual([400, `Bad Request: ${description}`]);
  });

  it('a malformed body, as a call without arguments', async () => {
    const { body } = await rig.raw(`/bot${rig.bot.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"chat_id": 501, "text": "hello"',
    });
    expect(body.description).toBe('Bad Request: message text is empty');
  });

  it('arguments of more than 1 MiB', async () => {
    const { status, body } = await send({ text: 'a'.repeat(1 << 20) });
    expect([status, body.description]).toEqual([413, 'Request Entity Too Large: too many parameters']);
  });
});

describe('a bot', () => {
  it.each<readonly [string, (at: { bot_id: number; chat_id: number }) => unknown, string]>([
    ['blocked the bot', (at) => rig.sandbox.telegram.block(at), 'bot was blocked by the user'],
    ['deactivated the account', (at) => rig.sandbox.telegram.deactivate(at), 'user is deactivated'],
  ])('cannot write to a person who has %s', async (_, leave, description) => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id });
    leave({ bot_id: rig.bot.id, chat_id });
    expect(await refusal({ chat_id })).toEqual([403, `Forbidden: ${description}`]);
  });

  it('cannot write to a person who has not pressed Start', async () => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, started: false });
    expect(await refusal({ chat_id })).toEqual([403, "Forbidden: bot can't initiate conversation with a user"]);
  });

  it('cannot write to another bot', async () => {
    const other = rig.sandbox.telegram.createBot();
    expect(await refusal({ chat_id: other.id })).toEqual([403, "Forbidden: the bot can't send messages to the bot"]);
  });

  it('receives the new id of a group that became a supergroup', async () => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, type: 'group' });
    const moved = rig.sandbox.telegram.migrate({ bot_id: rig.bot.id, chat_id });
    const { status, body } = await send({ chat_id });
    expect([status, body.description, body.parameters]).toEqual([
      400,
      'Bad Request: group chat was upgraded to a supergroup chat',
      { migrate_to_chat_id: moved.chat_id },
    ]);
    expect((await send({ chat_id: moved.chat_id })).status).toBe(200);
  });

  it.each(['group', 'supergroup', 'channel'] as const)('cannot write to a %s that it was kicked from', async (type) => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, type });
    rig.sandbox.telegram.kick({ bot_id: rig.bot.id, chat_id });
    expect(await refusal({ chat_id })).toEqual([403, `Forbidden: bot was kicked from the ${type} chat`]);
  });

  it.each<readonly [Readonly<Record<string, unknown>>, string]>([
    [{ request_contact: true }, 'phone number can be requested in private chats only'],
    [{ request_location: true }, 'location can be requested in private chats only'],
    [{ request_poll: {} }, 'poll can be requested in private chats only'],
    [{ request_users: { request_id: 1 } }, 'users can be requested in private chats only'],
    [{ request_chat: { request_id: 1 } }, 'chats can be requested in private chats only'],
    [{ web_app: { url: 'https://a.example' } }, 'web App buttons can be used in private chats only'],
  ])('can use the key %j in private chats only', async (action, description) => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, type: 'group' });
    const reply_markup = { keyboard: [[{ text: 'a', ...action }]] };
    expect(await refusal({ chat_id, reply_markup })).toEqual([400, `Bad Request: ${description}`]);
  });

  it('cannot use reply keyboards and inline switches in channels', async () => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, type: 'channel' });
    expect(await refusal({ chat_id, reply_markup: { force_reply: true } })).toEqual([
      400,
      'Bad Request: inline keyboard expected',
    ]);
    const button = { text: 'a', switch_inline_query_current_chat: 'x' };
    const [, description] = await refusal({ chat_id, reply_markup: { inline_keyboard: [[button]] } });
    expect(description).toContain("can't use switch_inline_query_current_chat button in a channel chat");
  });
});

describe('sendMessage without an error', () => {
  const shown = async (reply_markup: unknown) => {
    const { status, body } = await send({ reply_markup });
    expect(status).toBe(200);
    const { messages } = rig.sandbox.telegram.transcript(rig.at);
    return messages.find((message) => message.message_id === body.result.message_id)?.reply_markup;
  };

  it.each([
    {},
    { keyboard: [] },
    { inline_keyboard: [] },
    { inline_keyboard: [[]] },
    { remove_keyboard: false },
    { keyboard: [['']] },
    '',
  ])('drops empty markup: %j', async (markup) => {
    expect(await shown(markup)).toBeUndefined();
  });

  it('reads markup given as a string', async () => {
    expect(await shown('{"force_reply":true,"input_field_placeholder":"Number"}')).toEqual({
      force_reply: true,
      input_field_placeholder: 'Number',
    });
  });

  it('drops the buttons of a row after the 12th', async () => {
    const markup = await shown({ keyboard: [Array.from({ length: 15 }, (_, i) => `k${i}`), ['next']] });
    expect(markup && 'keyboard' in markup && markup.keyboard.map((row) => row.length)).toEqual([12, 1]);
  });

  it('drops the buttons of a keyboard after the 300th', async () => {
    const rows = Array.from({ length: 40 }, () => Array.from({ length: 10 }, () => 'k'));
    const markup = await shown({ keyboard: rows });
    expect(markup && 'keyboard' in markup && markup.keyboard.length).toBe(30);
  });

  it('stores only the first action of a button, in the order of the server', async () => {
    const button = {
      text: 'a',
      copy_text: { text: 'c' },
      switch_inline_query_current_chat: '',
      callback_data: 'd',
      url: '',
    };
    expect(await shown({ inline_keyboard: [[button]] })).toEqual({
      inline_keyboard: [[{ text: 'a', callback_data: 'd' }]],
    });
  });

  it('makes a pay button from "pay": false', async () => {
    expect(await shown({ inline_keyboard: [[{ text: 'a', pay: false }]] })).toEqual({
      inline_keyboard: [[{ text: 'a', pay: true }]],
    });
  });

  it('drops "selective" in a private chat', async () => {
    expect(await shown({ remove_keyboard: true, selective: true })).toEqual({ remove_keyboard: true });
  });

  it('completes the link of a button', async () => {
    expect(await shown({ inline_keyboard: [[{ text: 'a', url: 'Shop.Example?q=a b' }]] })).toEqual({
      inline_keyboard: [[{ text: 'a', url: 'http://shop.example/?q=a%20b' }]],
    });
  });
});

describe('an accepted message', () => {
  it('may have 4096 code points after trimming', async () => {
    const { body } = await send({ text: `\n  ${'😀'.repeat(4096)}  \n` });
    expect([...body.result.text]).toHaveLength(4096);
  });

  it('is returned with its entities, without its reply keyboard', async () => {
    const { body } = await send({ text: 'ask @acme_bot /help', reply_markup: { keyboard: [['a']] } });
    expect(body.result).toEqual({
      message_id: expect.any(Number),
      from: { id: rig.bot.id, is_bot: true, first_name: 'Sandbox bot', username: 'acme_bot' },
      chat: { id: 501, type: 'private', first_name: 'Ana' },
      date: Math.floor(rig.clock.nowMs() / 1000),
      text: 'ask @acme_bot /help',
      entities: [
        { type: 'mention', offset: 4, length: 9 },
        { type: 'bot_command', offset: 14, length: 5 },
      ],
    });
  });

  it('has an id from one sequence for all private chats of a bot', async () => {
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, started: true });
    const first = await send({});
    const second = await send({ chat_id });
    expect(second.body.result.message_id).toBe(first.body.result.message_id + 1);
  });

  it('can be sent as a form or in the query', async () => {
    const path = `/bot${rig.bot.token}/SENDMESSAGE?chat_id=501`;
    const { body } = await rig.raw(path, { method: 'POST', body: new URLSearchParams({ text: 'from a form' }) });
    expect(body.result.text).toBe('from a form');
    const asGet = await rig.raw(`/bot${rig.bot.token}/sendMessage?chat_id=501&text=got`);
    expect(asGet.body.result.text).toBe('got');
  });
});
