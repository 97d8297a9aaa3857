import { readFileSync } from 'node:fs';
import { testChats } from '@chatferry/contract';
import { type Answer, aSend, connectBot, type Rig, send, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

const rig = await startRig();

interface TestChannel {
  readonly id: string;
  readonly workspaceId: string;
  readonly key: string;
}

async function createTestChannel(on: Rig = rig): Promise<TestChannel> {
  const { status, body } = await on.admin('/api/v1/test-mode', { body: {} });
  expect(status).toBe(201);
  return { id: body.id, workspaceId: body.workspace_id, key: body.key.secret };
}

const channel = await createTestChannel();

const call = (path: string, body?: unknown, key: string = channel.key): Promise<Answer> =>
  rig.call(path, { ...(body === undefined ? {} : { body }), headers: { 'x-octopods-auth': key } });

const buttons = {
  type: 'reply_buttons',
  text: 'Confirm order 7?',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Confirm', callback_data: 'confirm:7' },
        { text: 'Cancel', callback_data: 'cancel:7' },
      ],
      [{ text: 'Track', url: 'https://example.com/track/7' }],
    ],
  },
};

const aMessage = (chatId: string, message: object = buttons) => ({
  destination_user_id: chatId,
  telegram_interactive_message: message,
});

const sendTo = (chatId: string, message?: object, key?: string) => call(sendPath, aMessage(chatId, message), key);

const act = (chatId: string, verb: string, body: object = {}, key?: string) =>
  call(`/api/v1/test-mode/chats/${chatId}/${verb}`, body, key);

/** The messages of a chat, the newest first. */
const messagesOf = async (chatId: string, key?: string) =>
  (await call(`/api/v1/messages?chat_id=${chatId}`, undefined, key)).body.data;

const nextInbound = (chatId: string, text: RegExp | string, key?: string) =>
  eventually(async () => {
    const found = (await messagesOf(chatId, key)).find(
      (one: { direction: string; text: string | null }) => one.direction === 'inbound' && one.text?.match(text),
    );
    expect(found).toBeDefined();
    return found;
  });

describe('a test channel', () => {
  it('is made in one call, with a key of its own kind, and needs neither a bot nor an inbox', async () => {
    const { status, body } = await rig.admin('/api/v1/test-mode', { body: { name: 'CI' } });
    expect(status).toBe(201);
    expect(body.key.secret).toMatch(/^cf_test_/);
    const workspace = await rig.admin(`/api/v1/workspaces/${body.workspace_id}`);
    expect(workspace.body).toMatchObject({ name: 'CI', inbox: { kind: 'test', settings: {} }, webhook_url: null });
    const shown = await rig.admin(`/api/v1/channels/${body.id}`);
    expect(shown.body).toMatchObject({ updates: 'direct', state: 'active', bot: { username: body.bot.username } });
    const check = await rig.admin(`/api/v1/channels/${body.id}/check`, { method: 'POST', body: {} });
    expect(check.body.ok).toBe(true);
    expect(rig.sandbox.telegram.calls()).toEqual([]);
  });

  it('sends to any chat at once, and the log counts as the inbox', async () => {
    const answer = await sendTo('424242');
    expect(answer.status).toBe(201);
    expect(answer.body.channel_message_id).toMatch(/^tg-\d+$/);
    await eventually(async () => {
      const { body } = await call(`/api/v1/messages/${answer.body.message_id}`);
      expect(body).toMatchObject({ state: 'sent', mirror: { state: 'done' } });
    });
    expect(
      (await sendTo('-1001234567890', { type: 'highlight_reply', text: 'Hello', reply_markup: { force_reply: true } }))
        .status,
    ).toBe(201);
  });

  it('refuses what Telegram refuses, with the same words as for a real chat', async () => {
    const { status, body } = await call(sendPath, aMessage('424242', { ...buttons, text: '\u200b' }));
    expect([status, body.error_code]).toEqual([400, 2]);
  });

  it('is deleted with its workspace, and its key ends', async () => {
    const made = await createTestChannel();
    expect((await rig.admin(`/api/v1/workspaces/${made.workspaceId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await sendTo('424242', undefined, made.key)).body.error_code).toBe(6);
  });

  it('keeps its bot: it takes no token, no server and no real bot', async () => {
    const change = await rig.admin(`/api/v1/channels/${channel.id}`, { method: 'PATCH', body: { updates: 'polling' } });
    expect(change.body).toMatchObject({ error_code: 4, details: [{ pointer: '/updates' }] });
    const { token } = rig.sandbox.telegram.createBot();
    const bot = await rig.admin('/api/v1/channels', { body: { workspace_id: channel.workspaceId, bot_token: token } });
    expect(bot.body).toMatchObject({ error_code: 4, details: [{ pointer: '/workspace_id' }] });
    const { workspaceId } = await connectBot(rig);
    const elsewhere = await rig.admin('/api/v1/channels', {
      body: { workspace_id: workspaceId, bot_token: token, api_root: 'https://test-mode.invalid' },
    });
    expect(elsewhere.body).toMatchObject({ error_code: 4, details: [{ pointer: '/api_root' }] });
  });
});

describe('a reserved chat', () => {
  const outcomes: Readonly<Record<string, object>> = {
    blocked: {
      status: 400,
      error_code: 5,
      telegram: { error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    },
    deactivated: {
      status: 400,
      error_code: 5,
      telegram: { error_code: 403, description: 'Forbidden: user is deactivated' },
    },
    'not-started': { status: 400, error_code: 3 },
    'not-found': {
      status: 400,
      error_code: 3,
      telegram: { error_code: 400, description: 'Bad Request: chat not found' },
    },
    'rate-limited': { status: 429, error_code: 129 },
    slow: { status: 201 },
    'no-answer': { status: 504, error_code: 154 },
    'too-large': { status: 400, error_code: 5, telegram: { error_code: 413 } },
    'no-rights': { status: 400, error_code: 5, telegram: { error_code: 400 } },
    migrated: { status: 201 },
  };

  it.each(testChats.map(({ purpose, chatId }) => [purpose, chatId] as const))('forces %s', async (purpose, chatId) => {
    const { status, body, headers } = await sendTo(chatId);
    expect({ status, ...body }).toMatchObject(outcomes[purpose] ?? {});
    if (purpose === 'rate-limited') expect(Number(headers.get('retry-after'))).toBeGreaterThan(20);
  });

  it('moves the conversation to the supergroup if it migrated', async () => {
    const { body } = await sendTo('-9990000000010');
    expect((await call(`/api/v1/messages/${body.message_id}`)).body).toMatchObject({ chat_id: '-9990000000011' });
  });

  it('loses an answer, and a tap on the message proves that it arrived', async () => {
    const { body } = await sendTo('9990000000007', { ...buttons, text: 'Did this arrive?' });
    expect((await call(`/api/v1/messages/${body.message_id}`)).body.state).toBe('unknown');
    expect((await act('9990000000007', 'tap', { button: 'Confirm' })).status).toBe(200);
    await eventually(async () => {
      expect((await call(`/api/v1/messages/${body.message_id}`)).body).toMatchObject({
        state: 'sent',
        resolution: { by: 'evidence' },
      });
    });
  });

  it('is refused on a live key, before anything is called', async () => {
    const bot = await connectBot(rig);
    const before = rig.sandbox.telegram.calls({ bot_id: bot.botId }).length;
    for (const { chatId } of testChats) {
      const { status, body } = await send(rig, bot, aSend(chatId));
      expect([status, body.error_code]).toEqual([400, 3]);
      expect(body.error).toContain('cf_test_');
    }
    expect(rig.sandbox.telegram.calls({ bot_id: bot.botId }).length).toBe(before);
  });

  it('is in the documents, with the same words', () => {
    const page = readFileSync(new URL('../../docs/test-mode.md', import.meta.url), 'utf8');
    for (const { chatId, happens } of testChats)
      expect(page).toMatch(new RegExp(`\`${chatId}\`.*${happens.slice(0, 20)}`));
  });
});

describe('the customer of a test chat', () => {
  it('taps a button by its label or its data, and the tap reaches the log like a real one', async () => {
    await sendTo('5001');
    const tapped = await act('5001', 'tap', { button: 'Confirm' });
    expect(tapped).toMatchObject({ status: 200, body: { effect: 'update', value: null, channel_message_id: null } });
    await nextInbound('5001', 'Confirm');
    expect((await act('5001', 'tap', { data: 'cancel:7' })).status).toBe(200);
    await nextInbound('5001', 'Cancel');
  });

  it('taps the newest message that has the button, or the one that the caller names', async () => {
    const first = await sendTo('5002');
    await sendTo('5002', {
      ...buttons,
      reply_markup: { inline_keyboard: [[{ text: 'Other', callback_data: 'other' }]] },
    });
    expect((await act('5002', 'tap', { button: 'Confirm' })).status).toBe(200);
    expect((await act('5002', 'tap', { button: 'Other', message_id: first.body.message_id })).status).toBe(404);
    const missing = await act('5002', 'tap', { button: 'Nowhere' });
    expect(missing).toMatchObject({ status: 404, body: { error: expect.stringContaining('“Other”') } });
  });

  it('opens a link without telling the bot', async () => {
    await sendTo('5003');
    const { body } = await act('5003', 'tap', { button: 'Track' });
    expect(body).toEqual({ effect: 'opened-url', value: 'https://example.com/track/7', channel_message_id: null });
  });

  it('presses a key of the reply keyboard by its label', async () => {
    await sendTo('5004', {
      type: 'reply_keyboard',
      text: 'Which size?',
      reply_markup: { keyboard: [[{ text: 'Small' }, { text: 'Large' }]] },
    });
    const { body } = await act('5004', 'tap', { button: 'Large' });
    expect(body.channel_message_id).toMatch(/^tg-/);
    await nextInbound('5004', 'Large');
  });

  it('writes, presses Start, and shares a contact and a location', async () => {
    expect((await act('5005', 'start', { payload: 'order-7' })).status).toBe(200);
    expect((await act('5005', 'text', { text: 'Where is it?' })).status).toBe(200);
    expect((await act('5005', 'contact', { phone_number: '+15550100' })).status).toBe(200);
    expect((await act('5005', 'location', { latitude: 52.5, longitude: 13.4 })).status).toBe(200);
    await nextInbound('5005', 'Where is it');
    await eventually(async () => {
      const inbound = (await messagesOf('5005')).filter((one: { direction: string }) => one.direction === 'inbound');
      expect(inbound).toHaveLength(4);
    });
  });

  it('blocks the bot, so that sends fail, and unblocks it', async () => {
    await sendTo('5006');
    expect((await act('5006', 'block')).status).toBe(200);
    expect((await sendTo('5006')).body).toMatchObject({ error_code: 5, telegram: { error_code: 403 } });
    const writing = await act('5006', 'text', { text: 'Hello' });
    expect(writing).toMatchObject({ status: 400, body: { error: expect.stringContaining('blocked') } });
    expect((await act('5006', 'unblock')).status).toBe(200);
    expect((await sendTo('5006')).status).toBe(201);
  });

  it('needs exactly one of label and data for a tap, and the errors name all problems', async () => {
    const { body } = await act('5001', 'tap', {});
    expect(body).toMatchObject({ error_code: 4, details: [{ pointer: '/button' }] });
    expect((await act('5001', 'location', { latitude: 100, longitude: 'x' })).body.details).toHaveLength(2);
  });
});

describe('after a restart', () => {
  it('the channel works, no number is used twice, and earlier messages can be tapped', async () => {
    const numbers = new Set<string>();
    const note = ({ body }: Answer) => {
      expect(numbers).not.toContain(body.channel_message_id);
      numbers.add(body.channel_message_id);
    };
    note(await sendTo('6001'));
    note(await sendTo('6002'));
    note(await act('6002', 'text', { text: 'Before' }));
    expect((await act('6003', 'block')).status).toBe(200);
    await eventually(async () => {
      const { rows } = await rig.database.pool.query(
        `select 1 from chats where chat_id = 6003 and blocked_at is not null`,
      );
      expect(rows).toHaveLength(1);
    });
    await rig.restart();
    note(await sendTo('6002', { ...buttons, text: 'Again?' }));
    note(await act('6002', 'text', { text: 'After' }));
    expect((await act('6001', 'tap', { button: 'Confirm' })).status).toBe(200);
    await nextInbound('6001', 'Confirm');
    await nextInbound('6002', 'Before');
    await nextInbound('6002', 'After');
    expect((await sendTo('6003')).body).toMatchObject({ error_code: 5, telegram: { error_code: 403 } });
  });
});

describe('with several replicas', () => {
  it('each one knows what the customer did through the other', async () => {
    const other = await rig.startAnother();
    const through = async (path: string, body: unknown) => {
      const response = await fetch(`${other.address}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'x-octopods-auth': channel.key },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const here = await sendTo('7001');
    expect((await through('/api/v1/test-mode/chats/7001/tap', { button: 'Confirm' })).status).toBe(200);
    await nextInbound('7001', 'Confirm');
    const there = await through(sendPath, aMessage('7001'));
    expect(there.status).toBe(201);
    expect(there.body['channel_message_id']).not.toBe(here.body.channel_message_id);
    await act('7001', 'block');
    await eventually(async () => {
      expect((await through(sendPath, aMessage('7001'))).body).toMatchObject({ error_code: 5 });
    });
  });
});

describe('the two kinds of keys', () => {
  it('a live key cannot act as a customer', async () => {
    const bot = await connectBot(rig);
    const { status, body } = await act('5001', 'text', { text: 'Hello' }, bot.key);
    expect([status, body.error_code]).toEqual([403, 102]);
    expect(body.error).toContain('cf_test_');
  });

  it('each is told which key to use for a channel of the other kind', async () => {
    const bot = await connectBot(rig);
    const live = await call(sendPath, { ...aMessage('5001'), channel_id: channel.id }, bot.key);
    expect(live).toMatchObject({ status: 400, body: { error: expect.stringContaining('cf_test_') } });
    const test = await call(sendPath, { ...aMessage('5001'), channel_id: bot.channelId });
    expect(test).toMatchObject({ status: 400, body: { error: expect.stringContaining('cf_live_') } });
    const workspaceKey = async (workspace_id: string) =>
      (await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id } })).body.secret;
    const ofTest = await workspaceKey(channel.workspaceId);
    expect(ofTest).toMatch(/^cf_test_/);
    const other = await call(sendPath, { ...aMessage('5001'), channel_id: bot.channelId }, ofTest);
    expect(other).toMatchObject({ status: 404, body: { error: expect.stringContaining('cf_live_') } });
    const ofLive = await workspaceKey(bot.workspaceId);
    expect(ofLive).toMatch(/^cf_live_/);
    const another = await call(sendPath, { ...aMessage('5001'), channel_id: channel.id }, ofLive);
    expect(another).toMatchObject({ status: 404, body: { error: expect.stringContaining('cf_test_') } });
  });

  it('stay apart when a key is rotated or imported', async () => {
    const made = await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: channel.id } });
    const rotated = await rig.admin(`/api/v1/keys/${made.body.id}/rotate`, { body: {} });
    expect(rotated.body.secret).toMatch(/^cf_test_/);
    expect((await sendTo('5001', undefined, rotated.body.secret)).status).toBe(201);
    const secret = 'a-key-of-another-system';
    const imported = await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: channel.id, secret } });
    expect(imported.body).toMatchObject({ error_code: 4, details: [{ pointer: '/secret' }] });
  });

  it('a damaged test key is refused like an unknown one', async () => {
    const damaged = `${channel.key.slice(0, -1)}${channel.key.endsWith('0') ? '1' : '0'}`;
    expect((await sendTo('5001', undefined, damaged)).body.error_code).toBe(101);
  });
});
