import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { tooManyRequests } from '@chatferry/testkit/rigs/too-many-requests';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_CALLER_WAIT_MS: '1000', CHATFERRY_LANE_WAITERS_MAX: '2' });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;

const read = (messageId: number) =>
  rig.call(`/api/v1/messages/${messageId}`, { headers: { 'x-octopods-auth': bot.key } });

describe('the send, with status 429', () => {
  it('returns the wait that Telegram demands, and answers the next send without asking Telegram', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: tooManyRequests(90),
    });
    const first = await send(rig, bot, aSend(customer.chatId));
    expect([first.status, first.body.error_code, first.headers.get('retry-after')]).toEqual([429, 129, '90']);
    expect((await read(first.body.message_id)).body).toMatchObject({
      state: 'failed',
      attempts: [{ outcome: 'deferred' }],
    });
    const second = await send(rig, bot, aSend(customer.chatId));
    expect(second.status).toBe(429);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(80);
    expect(second.body.message_id).toBeUndefined();
    expect(sentTo(customer.chatId)).toBe(0);
    const other = newCustomer(rig, bot);
    expect((await send(rig, bot, aSend(other.chatId))).status).toBe(201);
  });

  it('returns the wait to a key over its own limit, and does not affect other keys', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'channel', channel_id: own.channelId, limit: { per_second: 1, burst: 1 } },
    });
    const slow = { ...own, key: key.secret };
    expect((await send(rig, slow, aSend(customer.chatId))).status).toBe(201);
    const refused = await send(rig, slow, aSend(customer.chatId));
    expect([refused.status, refused.body.error_code, refused.headers.get('retry-after')]).toEqual([429, 129, '1']);
    expect((await send(rig, own, aSend(customer.chatId))).status).toBe(201);
  });

  it('answers a send to a chat in which too many already wait', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'delay-before', delayMs: 400 },
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(rig, bot, aSend(customer.chatId))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 201, 201, 429, 429]);
    expect(sentTo(customer.chatId)).toBe(3);
  });
});

describe('the send, with status 504', () => {
  it.each(['reset-after', 'truncate-after'] as const)(
    'answers when the answer is lost (%s): unknown, sent once, never again',
    async (kind) => {
      const customer = newCustomer(rig, bot);
      rig.sandbox.faults.inject({
        provider: 'telegram',
        operation: 'sendMessage',
        subject: customer.chatId,
        times: 1,
        effect: { kind },
      });
      const { status, body } = await send(rig, bot, aSend(customer.chatId));
      expect([status, body.error_code, body.error_name]).toEqual([504, 154, 'OUTCOME_UNKNOWN']);
      expect((await read(body.message_id)).body).toMatchObject({
        state: 'unknown',
        attempts: [{ number: 1, outcome: 'uncertain' }],
      });
      expect(sentTo(customer.chatId)).toBe(1);
      expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    },
  );

  it('gives the same answer to a 502 of Telegram, because the outcome is unknown', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'answer-after', answer: { status: 502, body: 'Bad Gateway' } },
    });
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(504);
    expect(sentTo(customer.chatId)).toBe(1);
  });

  it('answers a caller who has waited long enough, and still stores the late answer of Telegram', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'delay-after', delayMs: 1_500 },
    });
    const { status, body } = await send(rig, bot, aSend(customer.chatId));
    expect([status, body.error_code]).toEqual([504, 154]);
    expect((await read(body.message_id)).body.state).toBe('sending');
    // The next send to the chat waits for the slow one, so the slow one has ended when this one is answered.
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    expect((await read(body.message_id)).body).toMatchObject({ state: 'sent', attempts: [{ outcome: 'delivered' }] });
    expect(sentTo(customer.chatId)).toBe(2);
  });
});
