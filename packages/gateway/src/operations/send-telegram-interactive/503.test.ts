import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;

describe('the send, with status 503', () => {
  it('answers when nothing could be written to Telegram, after retries', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    await rig.database.pool.query(`update channels set api_root = 'http://127.0.0.1:1' where id = $1`, [own.channelId]);
    await rig.admin(`/api/v1/channels/${own.channelId}`, { method: 'PATCH', body: { name: 'Unreachable' } });
    const { status, body, headers } = await send(rig, own, aSend(customer.chatId));
    expect([status, body.error_code, body.error_name]).toEqual([503, 153, 'UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const message = await rig.call(`/api/v1/messages/${body.message_id}`, { headers: { 'x-octopods-auth': own.key } });
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
