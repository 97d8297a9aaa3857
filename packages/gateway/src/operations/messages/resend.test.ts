import { randomUUID } from 'node:crypto';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

const rig = await startRig({ CHATFERRY_CALLER_WAIT_MS: '5000' });
const path = '/api/v1/messages';
const { faults, telegram } = rig.sandbox;
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

beforeEach(() => faults.clear());

const resend = (id: number, body: object = { note: 'The chat does not show it.' }, headers = {}) =>
  rig.admin(`${path}/${id}/resend`, { body, headers });
const read = async (id: number) => (await rig.call(`${path}/${id}`, { headers: { 'x-octopods-auth': bot.key } })).body;
const sentTo = (chatId: string) => telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;

type Effect = Parameters<typeof faults.inject>[0]['effect'];
const failNextSend = (chatId: string, effect: Effect) =>
  faults.inject({ provider: 'telegram', operation: 'sendMessage', subject: chatId, times: 1, effect });
const refusal = (status: number, description: string, parameters = {}): Effect => ({
  kind: 'answer-before',
  answer: { status, body: { ok: false, error_code: status, description, parameters } },
});

async function sendThatGoesWrong(effect: Effect) {
  const { chatId } = newCustomer(rig, bot);
  failNextSend(chatId, effect);
  const { status, body } = await send(rig, bot, aSend(chatId));
  expect(status).toBeGreaterThanOrEqual(400);
  return { chatId, id: body.message_id as number };
}
const unknown = () => sendThatGoesWrong({ kind: 'reset-before' });

describe('a message that is sent again', () => {
  it('is a new message that names the old one, and the old one does not change', async () => {
    const { chatId, id } = await unknown();
    const { status, body } = await resend(id);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'sent',
      resend_of: id,
      resend_note: 'The chat does not show it.',
      chat_id: chatId,
      channel_message_id: expect.stringMatching(/^tg-/),
    });
    expect(await read(id)).toMatchObject({ state: 'unknown', resent_as: body.id, resend_of: null });
    expect(sentTo(chatId)).toBe(1);
    await expect.poll(async () => (await read(body.id)).mirror.state, { timeout: 10_000 }).toBe('done');
  });

  it('may have failed before', async () => {
    const { chatId, id } = await sendThatGoesWrong(refusal(403, 'Forbidden: bot was blocked by the user'));
    expect([(await resend(id)).status, sentTo(chatId)]).toEqual([201, 1]);
  });

  it('is sent once, whatever the number of simultaneous and repeated requests', async () => {
    const { chatId, id } = await unknown();
    const answers = await Promise.all(Array.from({ length: 10 }, () => resend(id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.map(({ status }) => status).filter((status) => ![201, 400, 409].includes(status))).toEqual([]);
    const later = await resend(id);
    expect([later.status, later.body.error_code, later.body.details[0].pointer]).toEqual([
      400,
      4,
      '#/params/message_id',
    ]);
    expect(later.body.error).toContain(`was repeated as message ${(await read(id)).resent_as}`);
    expect(sentTo(chatId)).toBe(1);
  });

  it('is sent once, even after its keys were deleted', async () => {
    const { chatId, id } = await unknown();
    await resend(id);
    await rig.database.pool.query('delete from idempotency_keys');
    expect([(await resend(id)).status, sentTo(chatId)]).toEqual([400, 1]);
  });

  it('gets the same answer again for the same Idempotency-Key', async () => {
    const { chatId, id } = await unknown();
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await resend(id, undefined, headers), await resend(id, undefined, headers)];
    expect([first.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
    expect((await resend(id, { note: 'another' }, headers)).body.error_code).toBe(122);
    expect(sentTo(chatId)).toBe(1);
  });

  it('may become unknown itself, and then the repetition is the one to repeat', async () => {
    const { chatId, id } = await unknown();
    failNextSend(chatId, { kind: 'reset-before' });
    const headers = { 'idempotency-key': randomUUID() };
    const { status, body } = await resend(id, undefined, headers);
    expect([status, body.error_code]).toEqual([504, 154]);
    expect((await resend(id, undefined, headers)).status).toBe(400);
    const third = await resend(body.message_id);
    expect([third.status, third.body.resend_of, sentTo(chatId)]).toEqual([201, body.message_id, 1]);
  });

  it('returns the refusal of Telegram', async () => {
    const { chatId, id } = await unknown();
    failNextSend(chatId, refusal(400, 'Bad Request: chat not found'));
    const { status, body } = await resend(id);
    expect([status, body.error_code, body.telegram.description]).toEqual([400, 3, 'Bad Request: chat not found']);
    const blocked = await unknown();
    failNextSend(blocked.chatId, refusal(403, 'Forbidden: bot was blocked by the user'));
    expect((await resend(blocked.id)).body.error_code).toBe(5);
  });

  it('returns how long Telegram wants to wait', async () => {
    const { chatId, id } = await unknown();
    failNextSend(chatId, refusal(429, 'Too Many Requests: retry after 60', { retry_after: 60 }));
    const { status, body, headers } = await resend(id);
    expect([status, body.error_code, headers.get('retry-after')]).toEqual([429, 129, '60']);
  });
});

describe('a repetition is refused', () => {
  it('for a message that was sent, and for a message from the customer', async () => {
    const customer = newCustomer(rig, bot);
    const { body: sent } = await send(rig, bot, aSend(customer.chatId));
    const refused = await resend(sent.message_id);
    expect([refused.status, refused.body.error_code]).toEqual([400, 4]);
    expect(refused.body.error).toContain('is sent');
    telegram.text(customer.at, { text: 'Hello' });
    const received = async () =>
      (await rig.call(`${path}?chat_id=${customer.chatId}&state=received`, { headers: { 'x-octopods-auth': bot.key } }))
        .body.data;
    await expect.poll(async () => (await received()).length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect((await resend((await received())[0].id)).body.error).toContain('came from the customer');
  });

  it('for an agent’s reply that is retried automatically', async () => {
    const { chatId, id } = await sendThatGoesWrong(refusal(403, 'Forbidden: bot was blocked by the user'));
    await rig.database.pool.query(
      `update messages set origin = 'agent', failure = '{"name":"UNAVAILABLE","reason":"not written"}' where id = $1`,
      [id],
    );
    const { status, body } = await resend(id);
    expect([status, body.error_code, sentTo(chatId)]).toEqual([400, 4, 0]);
    expect(body.error).toContain('retried');
  });

  it('from a channel that is switched off', async () => {
    const { chatId, id } = await unknown();
    const at = `/api/v1/channels/${bot.channelId}`;
    await rig.admin(at, { method: 'PATCH', body: { state: 'disabled' } });
    const { status, body } = await resend(id);
    await rig.admin(at, { method: 'PATCH', body: { state: 'active' } });
    expect([status, body.error_code, sentTo(chatId)]).toEqual([403, 103, 0]);
  });

  it('for a message that does not exist, without a note, and for the holder of a send key', async () => {
    expect((await resend(999_999_999)).status).toBe(404);
    expect((await resend(1, {})).body).toMatchObject({ error_code: 1, details: [{ pointer: '/note' }] });
    const headers = { authorization: `Bearer ${bot.key}` };
    expect((await rig.call(`${path}/1/resend`, { body: { note: 'x' }, headers })).status).toBe(403);
  });

  it('for a message of another workspace, even with a key that may manage its own', async () => {
    const { chatId, id } = await unknown();
    const other = await connectBot(rig);
    const scopes = ['send', 'read', 'manage'];
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'workspace', workspace_id: other.workspaceId, scopes },
    });
    const headers = { authorization: `Bearer ${key.secret}` };
    const { status } = await rig.call(`${path}/${id}/resend`, { body: { note: 'Not mine.' }, headers });
    expect([status, sentTo(chatId)]).toEqual([404, 0]);
  });
});
