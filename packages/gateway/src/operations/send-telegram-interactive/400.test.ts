import {
  aSend,
  type ConnectedBot,
  connectBot,
  newCustomer,
  send,
  sendPath,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) });

describe('the send, with status 400', () => {
  it('answers a bad type with the documented sentence and sends nothing', async () => {
    const customer = newCustomer(rig, bot);
    const { status, body } = await send(rig, bot, {
      destination_user_id: customer.chatId,
      telegram_interactive_message: { type: 'dropdown', text: 'x', reply_markup: {} },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error_code: 4,
      error_name: 'TYPE_MISMATCH',
      error:
        'You must supply Telegram Interactive Type as one of the valid types reply_buttons, reply_keyboard, remove_reply_keyboard, highlight_reply. Provided type: dropdown.',
    });
    expect(sentTo(customer.chatId)).toEqual([]);
  });

  it('lists every problem and uses the lowest code', async () => {
    const { status, body } = await send(rig, bot, {
      telegram_interactive_message: {
        type: 'reply_buttons',
        text: ' ',
        reply_markup: { inline_keyboard: [[{ text: 'Both', url: 'https://example.com', callback_data: 'x' }]] },
      },
    });
    expect(status).toBe(400);
    expect(body.error_code).toBe(1);
    expect(body.error).toBe('You must supply destination_user_id in your request payload.');
    expect(body.details.map((detail: { pointer: string }) => detail.pointer)).toEqual([
      '/destination_user_id',
      '/telegram_interactive_message/text',
      '/telegram_interactive_message/reply_markup/inline_keyboard/0/0',
    ]);
  });

  it('refuses an unknown field when strict handling is requested', async () => {
    const customer = newCustomer(rig, bot);
    const { status, body } = await send(rig, bot, aSend(customer.chatId, { typo: 1 }), { prefer: 'handling=strict' });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/typo']);
    expect(sentTo(customer.chatId)).toEqual([]);
  });

  it.each([
    ['a text that is not JSON', '{"destination_user_id":'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('answers %s with code 4 and does not quote it', async (_name, raw) => {
    const { status, body } = await rig.call(sendPath, {
      method: 'POST',
      raw,
      headers: { 'x-octopods-auth': bot.key, 'content-type': 'application/json' },
    });
    expect([status, body.error_code]).toEqual([400, 4]);
    expect(body.error).toContain('must be JSON');
    expect(body.error).not.toContain('destination');
  });

  it('says that Telegram does not know the recipient (3), and stores the attempt', async () => {
    const { status, body } = await send(rig, bot, aSend('999999'));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error_code: 3,
      error_name: 'USER_NOT_FOUND',
      reason: 'not_started',
      telegram: { error_code: 400, description: 'Bad Request: chat not found' },
    });
    const message = await rig.call(`/api/v1/messages/${body.message_id}`, { headers: { 'x-octopods-auth': bot.key } });
    expect(message.body).toMatchObject({
      state: 'failed',
      failure: { code: 3, reason: 'not_started', can_retry: false },
      attempts: [{ number: 1, outcome: 'rejected' }],
      mirror: { state: 'none' },
    });
  });

  it('returns why Telegram refused (5) and marks the chat as blocked', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.telegram.block(customer.at);
    const { status, body } = await send(rig, bot, aSend(customer.chatId));
    const description = 'Forbidden: bot was blocked by the user';
    expect([status, body.error_code, body.telegram]).toEqual([400, 5, { error_code: 403, description }]);
    expect(body.details).toEqual([{ pointer: '', message: description }]);
    // The customer's Start is applied after the refused send. It unblocks the chat until the block is applied.
    const isBlocked = async () => {
      const { rowCount } = await rig.database.pool.query(
        'select 1 from chats where chat_id = $1 and blocked_at is not null',
        [customer.chatId],
      );
      return rowCount === 1;
    };
    await expect.poll(isBlocked, { timeout: 10_000 }).toBe(true);
  });

  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'blocked', /until they unblock it/],
    [403, 'Forbidden: user is deactivated', 'deactivated', /no longer exists/],
    [403, 'Forbidden: bot was kicked from the group chat', 'chat_gone', /removed from it/],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'no_rights', /administrator of the chat/],
    [400, 'Bad Request: message is too long', 'too_large', /larger than Telegram takes/],
    [400, 'Bad Request: BUTTON_TYPE_INVALID', 'refused', /BUTTON_TYPE_INVALID/],
  ])('says why Telegram refused in the answer and in the message: %i %s', async (code, description, reason, words) => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'answer-before', answer: { status: code, body: { ok: false, error_code: code, description } } },
    });
    const { status, body } = await send(rig, bot, aSend(customer.chatId));
    expect([status, body.error_code, body.reason, body.error]).toEqual([400, 5, reason, expect.stringMatching(words)]);
    expect(body.error).not.toContain('send again');
    const message = await rig.call(`/api/v1/messages/${body.message_id}`, { headers: { 'x-octopods-auth': bot.key } });
    expect(message.body.failure).toEqual({
      code: 5,
      name: 'TELEGRAM_REJECTED',
      reason,
      detail: body.error,
      can_retry: false,
    });
  });

  it('refuses an unknown teammate before anything is sent', async () => {
    const customer = newCustomer(rig, bot);
    const { status, body } = await send(rig, bot, aSend(customer.chatId, { intercom_teammate_id: '1' }));
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/intercom_teammate_id']);
    expect(sentTo(customer.chatId)).toEqual([]);
  });

  it('distinguishes a revoked or rotated key from one that never existed (6)', async () => {
    const other = await connectBot(rig);
    const customer = newCustomer(rig, other);
    await rig.admin(`/api/v1/keys/${other.keyId}/rotate`, { body: { overlap_seconds: 0 } });
    const rotated = await send(rig, other, aSend(customer.chatId));
    expect([rotated.status, rotated.body.error_code, rotated.body.error_name]).toEqual([400, 6, 'DEPRECATED_API_KEY']);
    const { body: fresh } = await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: other.channelId } });
    const holder = { ...other, key: fresh.secret };
    expect((await send(rig, holder, aSend(customer.chatId))).status).toBe(201);
    await rig.admin(`/api/v1/keys/${fresh.id}/revoke`, { body: {} });
    expect((await send(rig, holder, aSend(customer.chatId))).body.error_code).toBe(6);
  });

  it('requires channel_id with a workspace key when the workspace has two channels (1)', async () => {
    const own = await connectBot(rig);
    const second = rig.sandbox.telegram.createBot();
    await rig.admin('/api/v1/channels', { body: { workspace_id: own.workspaceId, bot_token: second.token } });
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'workspace', workspace_id: own.workspaceId },
    });
    const { status, body } = await rig.call(sendPath, {
      body: aSend('1'),
      headers: { 'x-octopods-auth': key.secret },
    });
    expect([status, body.error_code, body.error]).toEqual([
      400,
      1,
      'You must supply channel_id in your request payload.',
    ]);
  });

  it('refuses the id of another channel with a channel key (4)', async () => {
    const other = await connectBot(rig);
    const { status, body } = await send(rig, bot, aSend('1', { channel_id: other.channelId }));
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '/channel_id']);
  });
});
