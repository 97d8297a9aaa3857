import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_WATCH_EVERY_SECONDS: '1' });

const refuseToken = (operation: string, times = Number.MAX_SAFE_INTEGER) =>
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation,
    times,
    effect: {
      kind: 'answer-before',
      answer: { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } },
    },
  });

describe('a channel whose token was refused', () => {
  it('shows the problem, sends nothing, and becomes active automatically when Telegram accepts the token again', async () => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    refuseToken('sendMessage', 1);
    refuseToken('getMe');
    expect((await send(rig, bot, aSend(customer.chatId))).body.error_code).toBe(5);
    const channel = async () => (await rig.admin(`/api/v1/channels/${bot.channelId}`)).body;
    expect(await channel()).toMatchObject({ state: 'broken', problem: 'Unauthorized' });
    expect(rig.logLines.join('')).toContain('"event":"channel.broken"');
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(403);
    rig.sandbox.faults.clear();
    await expect.poll(async () => (await channel()).state).toBe('active');
    expect((await channel()).problem).toBeNull();
    await expect.poll(async () => (await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    expect(rig.sandbox.telegram.sent(customer.at).length).toBe(1);
  });
});
