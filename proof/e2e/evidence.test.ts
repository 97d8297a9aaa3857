import { randomUUID } from 'node:crypto';
import { aSend } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;

const question = (text: string) => ({
  type: 'reply_buttons',
  text,
  reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }], [{ text: 'Shop', url: 'example.com' }]] },
});

describe.each(inboxKinds)('a message whose outcome is unknown, with %s', (kind) => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk(rig, kind);
  });

  const authorised = () => ({ 'x-octopods-auth': desk.bot.key });
  const read = async (id: number) => (await rig.call(`/api/v1/messages/${id}`, { headers: authorised() })).body;

  /** A send that arrives, and whose answer gets lost. */
  async function sendIntoTheUnknown(chatId: string, text: string, key = randomUUID()) {
    faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: chatId,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    const answer = await send(chatId, text, key);
    expect(answer.status).toBe(504);
    return { id: answer.body.message_id as number, key };
  }
  const send = (chatId: string, text: string, key: string) =>
    rig.call('/api/v1/telegram/interactive', {
      body: aSend(chatId, { telegram_interactive_message: question(text) }),
      headers: { ...authorised(), 'idempotency-key': key },
    });
  const newestIn = (at: { readonly bot_id: number; readonly chat_id: number }) =>
    telegram.sent(at).at(-1)?.message_id ?? 0;

  it.each([
    ['a tap', (at: never, message_id: number) => telegram.tap(at, { message_id, row: 0, column: 0 })],
    ['a quote', (at: never, id: number) => telegram.text(at, { text: 'This one', reply_to_message_id: id })],
  ])('is proved to be sent by %s, and is shown in the inbox before it', async (name, act) => {
    const customer = desk.customer();
    const { id, key } = await sendIntoTheUnknown(customer.chatId, `Proved by ${name}?`);
    const number = newestIn(customer.at);
    act(customer.at as never, number);
    await eventually(async () =>
      expect(await read(id)).toMatchObject({
        state: 'sent',
        channel_message_id: `tg-${number}`,
        failure: null,
        resolution: { state: 'sent', by: 'evidence', note: expect.stringContaining(String(number)) },
        mirror: { state: 'done' },
      }),
    );
    const again = await send(customer.chatId, `Proved by ${name}?`, key);
    expect([again.status, again.body.channel_message_id]).toEqual([201, `tg-${number}`]);
    const { conversation_id } = (await read(id)).mirror;
    const conversation = await eventually(() => {
      const found = desk.conversations().find((one) => one.id === conversation_id);
      expect(found?.entries).toHaveLength(3);
      return found;
    });
    const texts = conversation?.entries.map(({ by, text }) => `${by}: ${text.split('\n')[0]?.trim()}`);
    expect(texts?.slice(0, 2)).toEqual(['customer: ⁂ (started the bot)', `teammate: Proved by ${name}?`]);
    expect(texts?.[2]).toMatch(/^customer: /);
  });

  it('stays unknown when the evidence fits two messages', async () => {
    const customer = desk.customer();
    const first = await sendIntoTheUnknown(customer.chatId, 'The same words?');
    const second = await sendIntoTheUnknown(customer.chatId, 'The same words?');
    telegram.tap(customer.at, { message_id: newestIn(customer.at), row: 0, column: 0 });
    await eventually(async () => {
      const { rows } = await rig.database.pool.query(
        `select state from updates where channel_id = $1 and convert_from(body, 'utf8') like '%The same words?%'`,
        [desk.bot.channelId],
      );
      expect(rows).toEqual([{ state: 'applied' }]);
    });
    expect([(await read(first.id)).state, (await read(second.id)).state]).toEqual(['unknown', 'unknown']);
  });

  it('stays unknown when the customer taps another, known message', async () => {
    const customer = desk.customer();
    const sent = await send(customer.chatId, 'Known?', randomUUID());
    expect(sent.status).toBe(201);
    const number = newestIn(customer.at);
    const { id } = await sendIntoTheUnknown(customer.chatId, 'Known?');
    telegram.tap(customer.at, { message_id: number, row: 0, column: 0 });
    await eventually(async () => {
      const { rows } = await rig.database.pool.query(
        `select state from updates where channel_id = $1 and convert_from(body, 'utf8') like '%Known?%'`,
        [desk.bot.channelId],
      );
      expect(rows).toEqual([{ state: 'applied' }]);
    });
    expect((await read(id)).state).toBe('unknown');
  });
});
