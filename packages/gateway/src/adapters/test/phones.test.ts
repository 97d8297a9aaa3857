import { systemClock, systemRandom } from '@chatferry/gateway/internal/process/system-clock';
import { describe, expect, it } from 'vitest';
import { testApiRoot } from './address.ts';
import { createTestPhones } from './phones.ts';

const bot = { botId: '77', chatId: '42' };

function arrange({ blocked = [] as string[], firstNumber = 10_000 } = {}) {
  let next = firstNumber;
  let blocks = 0;
  const isBlocked = new Set(blocked);
  const waitsMs: number[] = [];
  const sleep = async (delayMs: number) => void waitsMs.push(delayMs);
  const phones = createTestPhones({
    clock: { ...systemClock, sleep },
    random: systemRandom,
    takeNumbers: async () => {
      blocks += 1;
      next += 1_000;
      return next - 1_000;
    },
    isBlocked: async (_origin, _botId, chatId) => isBlocked.has(chatId),
  });
  const call = async (method: string, parameters: object) => {
    const result = await phones.call({
      url: `${testApiRoot}/bot77:secret/${method}`,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(parameters)),
    });
    return result.kind === 'answered' ? JSON.parse(result.body.toString('utf8')) : result;
  };
  const send = (chatId: number, text = 'Hello') => call('sendMessage', { chat_id: chatId, text });
  return { phones, call, send, isBlocked, waitsMs, blocksTaken: () => blocks };
}

describe('the phones of test mode', () => {
  it('use no number twice, however many messages and updates there are at once', async () => {
    const { phones, send, blocksTaken } = arrange();
    const sent = await Promise.all(Array.from({ length: 2_500 }, (_, index) => send(1 + (index % 50))));
    const typed = await Promise.all(Array.from({ length: 100 }, () => phones.act(bot, { kind: 'text', text: 'Hi' })));
    const numbers = [
      ...sent.map(({ result }) => Number(result.message_id)),
      ...typed.map((deed) => Number(deed.kind === 'done' ? deed.channelMessageId : Number.NaN)),
    ];
    expect(new Set(numbers).size).toBe(2_600);
    expect(blocksTaken()).toBeGreaterThan(2);
    expect(new Set(phones.updates('77').map(({ updateId }) => updateId)).size).toBe(100);
  });

  it('take the numbers of other processes for none of their messages', async () => {
    const ours = arrange();
    const theirs = arrange({ firstNumber: 11_000 });
    const first = await ours.send(1);
    const second = await theirs.send(1);
    expect(first.result.message_id).toBe(10_000);
    expect(second.result.message_id).toBe(11_000);
  });

  it('know from the store who has blocked the bot, and what was changed here at once', async () => {
    const { phones, send, isBlocked } = arrange({ blocked: ['42'] });
    await expect(send(42)).resolves.toMatchObject({ ok: false, error_code: 403 });
    isBlocked.delete('42');
    await expect(send(42)).resolves.toMatchObject({ ok: true });
    await phones.act(bot, { kind: 'block' });
    await expect(send(42)).resolves.toMatchObject({ ok: false, error_code: 403 });
  });

  it('show the buttons of messages that they have forgotten, the newest first', async () => {
    const { phones, send } = arrange();
    const inline = (text: string) => ({ inline_keyboard: [[{ text, callback_data: `data of ${text}` }]] });
    await send(42);
    const shown = await phones.buttons(bot, [
      { channelMessageId: '9002', wire: { text: 'Second', reply_markup: inline('B') } },
      { channelMessageId: '9001', wire: { caption: 'First', reply_markup: inline('A') } },
      { channelMessageId: '9000', wire: { text: 'Plain' } },
    ]);
    expect(shown.map(({ label, data, channelMessageId }) => [label, data, channelMessageId])).toEqual([
      ['B', 'data of B', '9002'],
      ['A', 'data of A', '9001'],
    ]);
    const [button] = shown;
    if (button === undefined) throw new Error('no button');
    await expect(phones.act(bot, { kind: 'tap', at: button })).resolves.toMatchObject({ effect: 'update' });
    const [update] = phones.updates('77');
    expect(JSON.parse(String(update?.raw)).callback_query).toMatchObject({
      data: 'data of B',
      message: { message_id: 9002, text: 'Second' },
    });
  });

  it('answer late in the chat that is reserved for it, and in no other', async () => {
    const { send, waitsMs } = arrange();
    await expect(send(42)).resolves.toMatchObject({ ok: true });
    expect(waitsMs).toEqual([]);
    await expect(send(9990000000006)).resolves.toMatchObject({ ok: true });
    expect(waitsMs).toEqual([3_000]);
  });

  it('hand out an update until it is confirmed', async () => {
    const { phones } = arrange();
    await phones.act(bot, { kind: 'text', text: 'Hi' });
    const [update] = phones.updates('77');
    expect(phones.updates('77')).toHaveLength(1);
    phones.confirm('77', update?.updateId ?? 0);
    expect(phones.updates('77')).toEqual([]);
    expect(phones.updates('78')).toEqual([]);
  });

  it('forget the oldest of their messages, and stay as they are for groups', async () => {
    const { phones, send } = arrange();
    const markup = { inline_keyboard: [[{ text: 'Old', callback_data: 'old' }]] };
    await phones.buttons(bot, [{ channelMessageId: '9000', wire: { text: 'Old', reply_markup: markup } }]);
    for (let count = 0; count < 100; count += 1) await send(42);
    await expect(phones.buttons(bot, [])).resolves.toEqual([]);
    const group = { botId: '77', chatId: '-1001234567890' };
    await expect(phones.buttons(group, [])).resolves.toEqual([]);
    await expect(phones.act(group, { kind: 'text', text: 'Hi' })).resolves.toMatchObject({ kind: 'done' });
    await expect(phones.act(group, { kind: 'block' })).resolves.toMatchObject({ kind: 'impossible' });
  });

  it('answer what is no call of a bot with 404', async () => {
    const { phones } = arrange();
    await expect(phones.call({ url: `${testApiRoot}/somewhere` })).resolves.toMatchObject({ status: 404 });
    expect(phones.file(`${testApiRoot}/file/bot77:secret/photos/file_1.jpg`)).toBeNull();
  });
});
