import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/messages';
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const resolve = (id: number, body: unknown) => rig.admin(`${path}/${id}/resolve`, { body });
const read = async (id: number) => (await rig.call(`${path}/${id}`, { headers: { 'x-octopods-auth': bot.key } })).body;
const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;

/** A send whose answer from Telegram is lost. */
async function sendIntoTheUnknown(headers: Readonly<Record<string, string>> = {}) {
  const { chatId } = newCustomer(rig, bot);
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    subject: chatId,
    times: 1,
    effect: { kind: 'reset-after' },
  });
  const { status, body } = await send(rig, bot, aSend(chatId), headers);
  expect(status).toBe(504);
  return { chatId, id: body.message_id as number };
}

describe('an unknown message', () => {
  it('becomes sent when a person says so, stores the note, and is copied into the inbox', async () => {
    const { id } = await sendIntoTheUnknown();
    expect(await read(id)).toMatchObject({ state: 'unknown', resolution: null, mirror: { state: 'none' } });
    const { status, body } = await resolve(id, { state: 'sent', note: ' The customer has answered it. ' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      state: 'sent',
      failure: null,
      resolution: { state: 'sent', by: 'admin', note: 'The customer has answered it.' },
    });
    await expect.poll(async () => (await read(id)).mirror.state, { timeout: 10_000 }).toBe('done');
    const { mirror } = await read(id);
    const conversations = rig.sandbox.intercom.conversations(bot.intercomId);
    expect(conversations.map((conversation) => conversation.id)).toContain(mirror.conversation_id);
  });

  it('becomes failed when a person says so; nothing is sent, and its Idempotency-Key can be used again', async () => {
    const headers = { 'idempotency-key': 'order-9876' };
    const { id, chatId } = await sendIntoTheUnknown(headers);
    const before = sentTo(chatId);
    expect((await send(rig, bot, aSend(chatId), headers)).status).toBe(504);
    const { body } = await resolve(id, { state: 'failed', note: 'The chat does not show it.' });
    expect(body).toMatchObject({
      state: 'failed',
      failure: { code: 153, reason: null, detail: 'resolved by the administrator: The chat does not show it.' },
      resolution: { state: 'failed', by: 'admin' },
      mirror: { state: 'none' },
    });
    expect(sentTo(chatId)).toBe(before);
    const again = await send(rig, bot, aSend(chatId), headers);
    expect([again.status, sentTo(chatId)]).toEqual([201, before + 1]);
    expect(again.body.message_id).not.toBe(id);
  });

  it('is decided once, even by two people at the same time', async () => {
    const { id } = await sendIntoTheUnknown();
    const answers = await Promise.all([
      resolve(id, { state: 'sent', note: 'seen' }),
      resolve(id, { state: 'failed', note: 'not seen' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const refused = answers.find(({ status }) => status === 400)?.body;
    expect([refused.error_code, refused.details[0].pointer]).toEqual([4, '#/params/message_id']);
  });

  it('is decided once for an Idempotency-Key, and the answer is repeated', async () => {
    const { id } = await sendIntoTheUnknown();
    const ask = () =>
      rig.admin(`${path}/${id}/resolve`, {
        body: { state: 'sent', note: 'seen' },
        headers: { 'idempotency-key': 'resolve-1' },
      });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  });
});

describe('a resolution is refused', () => {
  it('for a message whose state is known', async () => {
    const { body: sent } = await send(rig, bot, aSend(newCustomer(rig, bot).chatId));
    const { status, body } = await resolve(sent.message_id, { state: 'failed', note: 'no' });
    expect([status, body.error_code]).toEqual([400, 4]);
    expect(body.error).toContain('is sent');
    expect((await read(sent.message_id)).state).toBe('sent');
  });

  it('for a message that does not exist', async () => {
    expect((await resolve(999_999_999, { state: 'sent', note: 'x' })).status).toBe(404);
  });

  it('without a state and a note', async () => {
    const { status, body } = await resolve(1, { state: 'unknown', note: ' ' });
    expect(status).toBe(400);
    expect(body.details.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/note', '/state']);
  });

  it('for the holder of a send key', async () => {
    const headers = { authorization: `Bearer ${bot.key}` };
    const body = { state: 'sent', note: 'x' };
    expect((await rig.call(`${path}/1/resolve`, { body, headers })).status).toBe(403);
  });
});
