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

describe('the send, with status 403', () => {
  it('answers while interactive sending is disabled, and not afterwards', async () => {
    const customer = newCustomer(rig, bot);
    const path = `/api/v1/channels/${bot.channelId}`;
    await rig.admin(path, { method: 'PATCH', body: { interactive_enabled: false } });
    const { status, body } = await send(rig, bot, aSend(customer.chatId));
    expect([status, body.error_code, body.error_name]).toEqual([403, 103, 'FEATURE_DISABLED']);
    await rig.admin(path, { method: 'PATCH', body: { interactive_enabled: true } });
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });

  it('answers while the workspace is disabled', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const path = `/api/v1/workspaces/${own.workspaceId}`;
    await rig.admin(path, { method: 'PATCH', body: { state: 'disabled' } });
    const { status, body } = await send(rig, own, aSend(customer.chatId));
    expect([status, body.error_code]).toEqual([403, 103]);
    await rig.admin(path, { method: 'PATCH', body: { state: 'active' } });
    expect((await send(rig, own, aSend(customer.chatId))).status).toBe(201);
  });

  it('answers after Telegram refused the token (5), without asking Telegram again', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    // One refusal: a second send that asked Telegram again would arrive. The bot's polls are not refused.
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: {
        kind: 'answer-before',
        answer: { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } },
      },
    });
    const first = await send(rig, own, aSend(customer.chatId));
    expect([first.status, first.body.error_code, first.body.telegram.error_code]).toEqual([400, 5, 401]);
    const second = await send(rig, own, aSend(customer.chatId));
    expect([second.status, second.body.error_code]).toEqual([403, 103]);
    expect(rig.sandbox.telegram.sent({ bot_id: own.botId, chat_id: Number(customer.chatId) })).toEqual([]);
  });
});

describe('the send, with status 404', () => {
  it('gives the same answer for a channel of another workspace and for an unknown one', async () => {
    const other = await connectBot(rig);
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'workspace', workspace_id: bot.workspaceId },
    });
    for (const channelId of [other.channelId, 'chn_00000000000000000000000000']) {
      const { status, body } = await rig.call(sendPath, {
        body: aSend('1', { channel_id: channelId }),
        headers: { 'x-octopods-auth': key.secret },
      });
      expect([status, body.error_code]).toEqual([404, 104]);
    }
  });

  it('answers an unknown route in the documented form', async () => {
    const { status, body, headers } = await rig.call('/api/v1/telegram/unknown', { body: {} });
    expect([status, body.error_code, body.request_id]).toEqual([404, 104, headers.get('x-request-id')]);
    expect(body.error).toBe('There is nothing at this address. Check the path; openapi.json lists every path.');
  });
});

describe('the send, with status 405', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('answers %s and says what is allowed', async (method) => {
    const { status, body, headers } = await rig.call(sendPath, { method });
    expect([status, body.error_code, headers.get('allow')]).toEqual([405, 105, 'POST']);
  });
});

describe('the send, with status 413', () => {
  it('answers a body over 64 KiB, and accepts one just below', async () => {
    const sized = (bytes: number) => ' '.repeat(bytes);
    const headers = { 'x-octopods-auth': bot.key, 'content-type': 'application/json' };
    const over = await rig.call(sendPath, { method: 'POST', raw: sized(64 * 1024 + 1), headers });
    expect([over.status, over.body.error_code]).toEqual([413, 113]);
    expect((await rig.call(sendPath, { method: 'POST', raw: sized(64 * 1024), headers })).status).toBe(400);
  });
});

describe('the send, with status 415', () => {
  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/vnd.api+json' }],
    [{ 'content-type': 'application/problem+json; charset=utf-8' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ 'content-type': 'application/json-patch+json' }],
    [{ 'content-type': 'application/json5' }],
    [{ 'content-type': 'text/json' }],
    [{ 'content-type': 'text/x-json' }],
    [{ 'content-type': 'application/json, application/json' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    [{ 'content-type': 'application/json; charset=iso-8859-1' }],
    [{ 'content-type': 'application/json;charset="utf-16"' }],
    [{ 'content-type': 'application/json; charset' }],
  ])('answers %o', async (headers) => {
    const { status, body } = await rig.call(sendPath, {
      method: 'POST',
      raw: '{}',
      headers: { 'x-octopods-auth': bot.key, ...headers },
    });
    expect([status, body.error_code]).toEqual([415, 115]);
  });

  it.each([
    [{}],
    [{ 'content-type': 'application/json' }],
    [{ 'content-type': 'application/json; charset=UTF-8' }],
    [{ 'content-type': 'application/json; profile=x; charset="utf-8"' }],
    [{ 'content-type': 'Application/JSON;charset=utf8' }],
  ])('does not answer %o', async (headers) => {
    const customer = newCustomer(rig, bot);
    const { status } = await rig.call(sendPath, {
      method: 'POST',
      raw: new TextEncoder().encode(JSON.stringify(aSend(customer.chatId))),
      headers: { 'x-octopods-auth': bot.key, ...headers },
    });
    expect(status).toBe(201);
  });
});
