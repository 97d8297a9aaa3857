import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { tooManyRequests } from '@chatferry/testkit/rigs/too-many-requests';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_GROUP_RATE_PER_MINUTE: '1', CHATFERRY_CHAT_RATE_BURST: '1' });
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const limitOnce = (chatId: string) =>
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    subject: chatId,
    times: 1,
    effect: tooManyRequests(900),
  });

describe('the send, with status 429', () => {
  it('answers a send whose turn would be too late, without asking Telegram, and does not affect other chats', async () => {
    const group = rig.sandbox.telegram.createChat({ bot_id: bot.botId, type: 'supergroup', title: 'Team' });
    const chatId = String(group.chat_id);
    expect((await send(rig, bot, aSend(chatId))).status).toBe(201);
    const refused = await send(rig, bot, aSend(chatId));
    expect([refused.status, refused.body.error_code, refused.body.message_id]).toEqual([429, 129, undefined]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(15);
    expect(rig.sandbox.telegram.sent({ chat_id: group.chat_id })).toHaveLength(1);
    expect((await send(rig, bot, aSend(newCustomer(rig, bot).chatId))).status).toBe(201);
  });

  it('answers for the whole bot when Telegram limits chat after chat, on every replica and after a restart', async () => {
    const limited = await connectBot(rig);
    for (let count = 0; count < 3; count += 1) {
      const { chatId } = newCustomer(rig, limited);
      limitOnce(chatId);
      expect((await send(rig, limited, aSend(chatId))).status).toBe(429);
    }
    const customer = newCustomer(rig, limited);
    const answer = async () => {
      const { status, headers } = await send(rig, limited, aSend(customer.chatId));
      return [status, Number(headers.get('retry-after')) > 600];
    };
    expect(await answer()).toEqual([429, true]);
    expect((await send(rig, bot, aSend(newCustomer(rig, bot).chatId))).status).toBe(201);
    await rig.restart();
    await expect.poll(answer).toEqual([429, true]);
    expect(rig.sandbox.telegram.sent(customer.at)).toEqual([]);
  });
});
