import { createSandbox } from '@chatferry/sandbox';
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

/** A Bot API server that ends. */
const server = createSandbox();
const serverUrl = await server.listen();
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: serverUrl });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;

describe('the send, with status 503', () => {
  it('answers when nothing could be written to Telegram, after retries', async () => {
    const { id, token } = server.telegram.createBot();
    const { chat_id: chatId } = server.telegram.createChat({ bot_id: id, user: { first_name: 'Grace' } });
    const request = { workspace_id: bot.workspaceId, bot_token: token, api_root: `${serverUrl}/telegram` };
    const { key } = (await rig.admin('/api/v1/channels', { body: request })).body;
    await server.close();
    const headersOfKey = { 'x-octopods-auth': key.secret };
    const { status, body, headers } = await rig.call(sendPath, { body: aSend(String(chatId)), headers: headersOfKey });
    expect([status, body.error_code, body.error_name]).toEqual([503, 153, 'UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const message = await rig.call(`/api/v1/messages/${body.message_id}`, { headers: headersOfKey });
    expect(message.body.state).toBe('failed');
    expect(message.body.attempts.length).toBeGreaterThan(1);
    expect(message.body.attempts.every((attempt: { outcome: string }) => attempt.outcome === 'deferred')).toBe(true);
  });

  it('answers while the store is unavailable, sends nothing, and works again afterwards', async () => {
    const customer = newCustomer(rig, bot);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    await rig.database.pool.query('alter table flights rename to flights_away');
    const { status, body } = await send(rig, bot, aSend(customer.chatId));
    await rig.database.pool.query('alter table flights_away rename to flights');
    expect([status, body.error_code]).toEqual([503, 153]);
    expect(sentTo(customer.chatId)).toBe(1);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });
});
