import { randomUUID } from 'node:crypto';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const sentTo = (chatId: string) => rig.sandbox.telegram.sent({ bot_id: bot.botId, chat_id: Number(chatId) }).length;
const withKey = (key: string) => ({ 'idempotency-key': key });

function failNextSend(chatId: string, effect: Parameters<typeof rig.sandbox.faults.inject>[0]['effect']) {
  rig.sandbox.faults.inject({ provider: 'telegram', operation: 'sendMessage', subject: chatId, times: 1, effect });
}

const refusal = (status: number, description: string, parameters?: { retry_after: number }) =>
  ({
    kind: 'answer-before',
    answer: { status, body: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) } },
  }) as const;

describe('the same Idempotency-Key', () => {
  it('gets the same status and bytes again, for every spelling of the body, and sends once', async () => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    const body = aSend(customer.chatId, { typo: true });
    const first = await send(rig, bot, body, withKey(key));
    const again = await send(rig, bot, body, withKey(key));
    const asString = await send(
      rig,
      bot,
      {
        telegram_interactive_message: JSON.stringify(body.telegram_interactive_message),
        destination_user_id: Number(customer.chatId),
        typo: true,
      },
      withKey(key),
    );
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    for (const replay of [again, asString]) {
      expect(replay.status).toBe(201);
      expect(JSON.stringify(replay.body)).toBe(JSON.stringify(first.body));
      expect(replay.headers.get('idempotent-replayed')).toBe('true');
      expect(replay.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    }
    expect(sentTo(customer.chatId)).toBe(1);
  });

  it('with another body is refused, and sends nothing', async () => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    await send(rig, bot, aSend(customer.chatId), withKey(key));
    const other = newCustomer(rig, bot);
    const { status, body } = await send(rig, bot, aSend(other.chatId), withKey(key));
    expect([status, body.error_code, body.error_name]).toEqual([422, 122, 'IDEMPOTENCY_MISMATCH']);
    expect(sentTo(other.chatId)).toBe(0);
  });

  it('from fifty simultaneous callers sends once; the others wait or get the answer', async () => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(rig, bot, aSend(customer.chatId), withKey(key))),
    );
    expect(sentTo(customer.chatId)).toBe(1);
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.message_id));
    expect(ids.size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.body.error_code, answer.headers.get('retry-after')]).toEqual([409, 109, '1']);
    }
  });

  it('repeats Telegram’s refusal', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.telegram.block(customer.at);
    const key = randomUUID();
    const first = await send(rig, bot, aSend(customer.chatId), withKey(key));
    rig.sandbox.telegram.unblock(customer.at);
    const again = await send(rig, bot, aSend(customer.chatId), withKey(key));
    expect(first.status).toBe(400);
    expect([again.status, JSON.stringify(again.body)]).toEqual([400, JSON.stringify(first.body)]);
  });

  it('repeats 504 while the outcome is unknown, and returns the outcome once it is known', async () => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    failNextSend(customer.chatId, { kind: 'reset-after' });
    const first = await send(rig, bot, aSend(customer.chatId), withKey(key));
    const again = await send(rig, bot, aSend(customer.chatId), withKey(key));
    expect([first.status, again.status, again.body.message_id]).toEqual([504, 504, first.body.message_id]);
    await rig.database.pool.query(`update messages set state = 'sent', channel_message_id = 77 where id = $1`, [
      first.body.message_id,
    ]);
    const resolved = await send(rig, bot, aSend(customer.chatId), withKey(key));
    expect([resolved.status, resolved.body.channel_message_id]).toEqual([201, 'tg-77']);
    expect(sentTo(customer.chatId)).toBe(1);
  });

  it.each([
    ['429', refusal(429, 'Too Many Requests: retry after 60', { retry_after: 60 })],
    ['a validation failure', null],
  ])('can be used again after %s', async (_name, effect) => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    if (effect) failNextSend(customer.chatId, effect);
    const first = await send(rig, bot, effect ? aSend(customer.chatId) : { destination_user_id: '1' }, withKey(key));
    expect(first.status).toBe(effect ? 429 : 400);
    await rig.database.pool.query('update chats set paused_until = null');
    expect((await send(rig, bot, aSend(customer.chatId), withKey(key))).status).toBe(201);
    expect(sentTo(customer.chatId)).toBe(1);
  });

  it('gets the same answer even if the channel was disabled since, while a new key is refused', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const key = randomUUID();
    const body = aSend(customer.chatId, { intercom_teammate_id: own.teammates[0]?.id });
    const first = await send(rig, own, body, withKey(key));
    const at = `/api/v1/channels/${own.channelId}`;
    const states = [{ state: 'disabled' }, { state: 'active', interactive_enabled: false }];
    for (const change of states) {
      await rig.admin(at, { method: 'PATCH', body: change });
      const again = await send(rig, own, body, withKey(key));
      expect([again.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect((await send(rig, own, aSend(customer.chatId), withKey(key))).body.error_code).toBe(122);
      expect((await send(rig, own, body, withKey(randomUUID()))).body.error_code).toBe(103);
    }
    await rig.admin(at, { method: 'PATCH', body: { interactive_enabled: true } });
    await rig.admin(`/api/v1/workspaces/${own.workspaceId}`, { method: 'PATCH', body: { state: 'disabled' } });
    expect((await send(rig, own, body, withKey(key))).body).toEqual(first.body);
    expect(rig.sandbox.telegram.sent({ bot_id: own.botId }).length).toBe(1);
  });

  it('of a failed send is not replayed after the channel was disabled', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const key = randomUUID();
    failNextSend(customer.chatId, refusal(429, 'Too Many Requests: retry after 60', { retry_after: 60 }));
    expect((await send(rig, own, aSend(customer.chatId), withKey(key))).status).toBe(429);
    await rig.admin(`/api/v1/channels/${own.channelId}`, { method: 'PATCH', body: { state: 'disabled' } });
    expect((await send(rig, own, aSend(customer.chatId), withKey(key))).body.error_code).toBe(103);
  });

  it('survives a rotated key and a restart', async () => {
    const own = await connectBot(rig);
    const customer = newCustomer(rig, own);
    const key = randomUUID();
    const first = await send(rig, own, aSend(customer.chatId), withKey(key));
    const rotated = await rig.admin(`/api/v1/keys/${own.keyId}/rotate`, { body: {} });
    await rig.restart();
    const again = await send(rig, { ...own, key: rotated.body.secret }, aSend(customer.chatId), withKey(key));
    expect([first.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
    expect(rig.sandbox.telegram.sent({ bot_id: own.botId }).length).toBe(1);
  });

  it('of a request whose process died before the intent can be used again', async () => {
    const customer = newCustomer(rig, bot);
    const key = randomUUID();
    const first = await send(rig, bot, aSend(customer.chatId), withKey(key));
    await rig.database.pool.query(
      'update idempotency_keys set epoch = 0, message_id = null, created_on = null where key = $1',
      [key],
    );
    const again = await send(rig, bot, aSend(customer.chatId), withKey(key));
    expect(again.status).toBe(201);
    expect(again.body.message_id).not.toBe(first.body.message_id);
  });

  it.each(['a'.repeat(256), 'with space'])('must be valid: %s', async (key) => {
    const { status, body } = await send(rig, bot, aSend('1'), withKey(key));
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, '#/headers/Idempotency-Key']);
  });
});
