import { Event } from '@chatferry/contract';
import { type BackendCall, startWebhookBackend, type WebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

/** One address, at which every test has its own backend. */
const backend: WebhookBackend = await startWebhookBackend();
afterAll(() => backend.close());
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url });
const path = '/api/v1/webhook-endpoints';
const { pool } = rig.database;

let paths = 0;
afterEach(() => backend.answer(204));

/** A bot in a workspace of its own with an endpoint, and what arrived there. */
async function connect(fields: Readonly<Record<string, unknown>> = {}) {
  const bot = await connectBot(rig, { accepts_any_chat: true });
  paths += 1;
  const own = `/hooks/${paths}`;
  const made = await rig.admin(path, { body: { url: backend.url + own, workspace_id: bot.workspaceId, ...fields } });
  expect(made.status).toBe(201);
  const calls = () => backend.calls.filter((call) => call.path === own);
  return {
    bot,
    endpoint: `${path}/${made.body.id}`,
    id: made.body.id as string,
    secret: made.body.secret as string,
    calls,
    async until(enough: (calls: readonly BackendCall[]) => boolean): Promise<readonly BackendCall[]> {
      await backend.until(() => enough(calls()));
      return calls();
    },
  };
}

const typesOf = (calls: readonly BackendCall[]) => calls.map(({ event }) => event.type);
const has =
  (type: string, count = 1) =>
  (calls: readonly BackendCall[]) =>
    calls.filter(({ event }) => event.type === type).length >= count;

async function sendTo(bot: ConnectedBot, chatId: string): Promise<number> {
  const sent = await send(rig, bot, aSend(chatId));
  expect(sent.status).toBe(201);
  return sent.body.message_id;
}

/** Makes the next attempt of the endpoint due, as soon as it waits for one. */
const makeDue = (id: string) =>
  eventually(async () => {
    const due = await pool.query(
      `update lanes set run_at = now() where lease is null and run_at > now() and party = 'webhook:' || $1`,
      [id],
    );
    expect(due.rowCount).toBeGreaterThan(0);
  });

/** Nothing is queued for the endpoint any more. */
const untilIdle = (endpoint: string) =>
  eventually(async () => expect((await rig.admin(endpoint)).body.waiting).toBe(0));

/** All events of a message to this chat can be read. */
const untilReadable = ({ key }: ConnectedBot, chatId: string) =>
  eventually(async () => {
    const { body } = await rig.call('/api/v1/events?types=message.recorded', {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(body.data.map(({ chat_id }: { chat_id: string }) => chat_id)).toContain(chatId);
  });

describe('a webhook endpoint', () => {
  it('gets the events of a message in order, as the contract describes them, signed', async () => {
    const { bot, secret, until } = await connect();
    const messageId = await sendTo(bot, '501');
    const calls = await until(has('message.recorded'));
    expect(typesOf(calls)).toEqual(['message.accepted', 'message.sent', 'message.recorded']);
    for (const { text, headers, event } of calls) {
      expect(Event.parse(event)).toEqual(event);
      expect(event).toMatchObject({ workspace_id: bot.workspaceId, chat_id: '501', message_id: messageId });
      expect(headers['webhook-id']).toBe(event.id);
      expect(new Webhook(secret).verify(text, headers)).toEqual(event);
      expect(() => new Webhook(secret).verify(`${text} `, headers)).toThrow();
    }
  });

  it('gets only the types and channels that it asked for', async () => {
    const { bot, endpoint, id, calls, until } = await connect({ types: ['message.sent'] });
    const stranger = await connectBot(rig, { accepts_any_chat: true });
    const made = rig.sandbox.telegram.createBot({ accepts_any_chat: true });
    const channel = await rig.admin('/api/v1/channels', {
      body: { workspace_id: bot.workspaceId, bot_token: made.token },
    });
    const sibling = { ...bot, channelId: channel.body.id, key: channel.body.key.secret };
    await rig.admin(`${path}/${id}`, { method: 'PATCH', body: { channel_ids: [bot.channelId] } });
    await sendTo(stranger, '511');
    await sendTo(sibling, '511');
    await untilReadable(sibling, '511');
    await sendTo(bot, '511');
    await sendTo(bot, '512');
    await until(has('message.sent', 2));
    await untilIdle(endpoint);
    expect(calls().map(({ event }) => [event.type, event.channel_id])).toEqual([
      ['message.sent', bot.channelId],
      ['message.sent', bot.channelId],
    ]);
  });

  it('gets the events of a chat in order although one fails, while other chats get theirs', async () => {
    const { bot, endpoint, id, calls, until } = await connect({ types: ['message.accepted', 'message.sent'] });
    backend.answer(({ event }, response) => void response.writeHead(event.chat_id === '521' ? 503 : 204).end());
    await sendTo(bot, '521');
    await sendTo(bot, '522');
    await until((all) => all.some(({ event }) => event.chat_id === '522' && event.type === 'message.sent'));
    const ofFailing = () => typesOf(calls().filter(({ event }) => event.chat_id === '521'));
    expect(new Set(ofFailing())).toEqual(new Set(['message.accepted']));
    const body = await eventually(async () => {
      const listed = await rig.admin(`${endpoint}/deliveries?state=waiting`);
      expect(listed.body.data).toMatchObject([
        { type: 'message.accepted', chat_id: '521', attempts: [{ delivered: false, response: { status: 503 } }] },
      ]);
      return listed.body;
    });
    expect(Date.parse(body.data[0].next_attempt_at)).toBeGreaterThan(Date.parse(body.data[0].attempts[0].at));
    backend.answer(204);
    await makeDue(id);
    await untilIdle(endpoint);
    expect(ofFailing().slice(-2)).toEqual(['message.accepted', 'message.sent']);
    const listed = await rig.admin(`${endpoint}/deliveries?state=delivered`);
    expect(listed.body.data.map(({ type }: { type: string }) => type)).toHaveLength(4);
  });

  it('gets an event eight times at most, and then the next one of the chat', async () => {
    const { bot, endpoint, id, calls, until } = await connect({ types: ['message.accepted', 'message.sent'] });
    backend.answer(({ event }, response) => void response.writeHead(event.type === 'message.sent' ? 204 : 500).end());
    await sendTo(bot, '531');
    for (let attempts = 1; attempts < 8; attempts += 1) {
      await until(has('message.accepted', attempts));
      await makeDue(id);
    }
    await until(has('message.sent'));
    await untilIdle(endpoint);
    expect(typesOf(calls())).toEqual([...Array(8).fill('message.accepted'), 'message.sent']);
    const { body } = await rig.admin(`${endpoint}/deliveries?state=failed`);
    expect(body.data).toMatchObject([{ type: 'message.accepted', next_attempt_at: null }]);
    expect(body.data[0].attempts).toHaveLength(8);
  });

  it('is waited for as long as it asks', async () => {
    const { bot, endpoint, until } = await connect({ types: ['message.sent'] });
    backend.answer((_, response) => void response.writeHead(429, { 'retry-after': '7200' }).end());
    await sendTo(bot, '541');
    await until(has('message.sent'));
    const delivery = await eventually(async () => {
      const { body } = await rig.admin(`${endpoint}/deliveries`);
      expect(body.data[0]?.next_attempt_at).toBeTruthy();
      return body.data[0];
    });
    const waitMs = Date.parse(delivery.next_attempt_at) - Date.parse(delivery.attempts[0].at);
    expect(waitMs).toBeGreaterThan(7_100_000);
  });

  it('that was down for long gets everything soon after it accepts something', async () => {
    const { bot, endpoint, until, calls } = await connect({ types: ['message.accepted'] });
    backend.answer(503);
    for (const chat of ['551', '552', '553', '554', '555']) await sendTo(bot, chat);
    await until((all) => new Set(all.map(({ event }) => event.chat_id)).size === 5);
    await eventually(async () =>
      expect((await rig.admin(endpoint)).body).toMatchObject({ failing_since: expect.any(String), waiting: 5 }),
    );
    // The later waits are hours long.
    await pool.query(`update lanes set run_at = now() + interval '5 hours' where key like 'webhook:${'%'}'`);
    backend.answer(204);
    await sendTo(bot, '556');
    await untilIdle(endpoint);
    expect(new Set(calls().map(({ event }) => event.chat_id)).size).toBe(6);
    expect((await rig.admin(endpoint)).body).toMatchObject({ failing_since: null, enabled: true });
  });
});

describe('a secret', () => {
  it('that was replaced still signs beside the new one, until the overlap ends', async () => {
    const { bot, endpoint, secret, until } = await connect({ types: ['message.sent'] });
    const rotated = await rig.admin(`${endpoint}/rotate-secret`, { body: {} });
    expect(rotated.status).toBe(200);
    const endsInMs = Date.parse(rotated.body.previous_secret_until) - Date.now();
    expect([rotated.body.secret === secret, Math.round(endsInMs / 3_600_000)]).toEqual([false, 24]);
    await sendTo(bot, '601');
    const [during] = await until(has('message.sent'));
    expect(during?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const one of [secret, rotated.body.secret]) new Webhook(one).verify(during?.text ?? '', during?.headers ?? {});

    await pool.query(`update webhook_endpoints set previous_secret_until = now() where id = $1`, [rotated.body.id]);
    await sendTo(bot, '601');
    const after = (await until(has('message.sent', 2)))[1];
    expect(after?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    new Webhook(rotated.body.secret).verify(after?.text ?? '', after?.headers ?? {});
    expect(() => new Webhook(secret).verify(after?.text ?? '', after?.headers ?? {})).toThrow();
  });

  it('that leaked ends at once if no overlap is wanted', async () => {
    const { bot, endpoint, secret, until } = await connect({ types: ['message.sent'] });
    const rotated = await rig.admin(`${endpoint}/rotate-secret`, { body: { overlap_seconds: 0 } });
    expect(rotated.body.previous_secret_until).toBeNull();
    await sendTo(bot, '611');
    const [call] = await until(has('message.sent'));
    expect(() => new Webhook(secret).verify(call?.text ?? '', call?.headers ?? {})).toThrow();
  });

  it('outlives a change of the master key', async () => {
    const { bot, secret, until } = await connect({ types: ['message.sent'] });
    rig.changeMasterKeys(({ primary, others }) => ({
      primary: { id: 'next', key: Buffer.alloc(32, 7) },
      others: [primary, ...others],
    }));
    await rig.restart();
    await eventually(async () => {
      const { rows } = await pool.query(
        `select count(*)::int as old from webhook_endpoints where position('next'::bytea in secret) = 0`,
      );
      expect(rows[0].old).toBe(0);
    });
    await sendTo(bot, '621');
    const [call] = await until(has('message.sent'));
    new Webhook(secret).verify(call?.text ?? '', call?.headers ?? {});
  });
});

describe('an endpoint that gets nothing any more', () => {
  const alarmsOf = async (id: string) => {
    const { body } = await rig.admin('/api/v1/alarms');
    return body.data.filter(({ subject }: { subject: string }) => subject === id);
  };

  it('has answered 410: it is disabled, an alarm says so, and enabled again it continues where it stopped', async () => {
    const { bot, endpoint, id, until, calls } = await connect({ types: ['message.accepted', 'message.sent'] });
    backend.answer(410);
    await sendTo(bot, '701');
    await until(has('message.accepted'));
    await eventually(async () =>
      expect((await rig.admin(endpoint)).body).toMatchObject({ enabled: false, disabled_reason: 'gone' }),
    );
    await eventually(async () => expect(await alarmsOf(id)).toMatchObject([{ kind: 'endpoint-disabled' }]));
    backend.answer(204);
    await sendTo(bot, '702');
    const enabled = await rig.admin(endpoint, { method: 'PATCH', body: { enabled: true } });
    expect(enabled.body).toMatchObject({ enabled: true, disabled_reason: null, disabled_at: null });
    await until((all) => all.length === 5);
    await untilIdle(endpoint);
    const pairs = calls().map(({ event }) => `${event.chat_id} ${event.type}`);
    expect(pairs.slice(1).sort()).toEqual([
      '701 message.accepted',
      '701 message.sent',
      '702 message.accepted',
      '702 message.sent',
    ]);
    await eventually(async () => expect(await alarmsOf(id)).toEqual([]));
  });

  it('has failed for a week: it is disabled, and an alarm says so', async () => {
    const { bot, endpoint, id, until } = await connect({ types: ['message.sent'] });
    backend.answer(500);
    await sendTo(bot, '711');
    await until(has('message.sent'));
    await eventually(async () => expect((await rig.admin(endpoint)).body.failing_since).not.toBeNull());
    const age = (days: number) =>
      pool.query(`update webhook_endpoints set failing_since = now() - $2 * interval '1 day' where id = $1`, [
        id,
        days,
      ]);
    await age(6.9);
    await makeDue(id);
    await until(has('message.sent', 2));
    expect((await rig.admin(endpoint)).body).toMatchObject({ enabled: true });
    await age(7.1);
    await makeDue(id);
    await eventually(async () =>
      expect((await rig.admin(endpoint)).body).toMatchObject({ enabled: false, disabled_reason: 'failing' }),
    );
    const [alarm] = await eventually(async () => {
      const alarms = await alarmsOf(id);
      expect(alarms).toHaveLength(1);
      return alarms;
    });
    expect(alarm.detail).toContain('the endpoint answered 500');
    expect(alarm.detail).not.toContain('/hooks/');
  });

  it('was disabled by request: with skip_missed it begins with the next event', async () => {
    const { bot, endpoint, until, calls } = await connect({ types: ['message.sent'] });
    await rig.admin(endpoint, { method: 'PATCH', body: { enabled: false } });
    await sendTo(bot, '721');
    await untilReadable(bot, '721');
    await rig.admin(endpoint, { method: 'PATCH', body: { enabled: true, skip_missed: true } });
    await sendTo(bot, '722');
    await until(has('message.sent'));
    await untilIdle(endpoint);
    expect(calls().map(({ event }) => event.chat_id)).toEqual(['722']);
  });

  it('was disabled by request: what waits for it is not sent until it is enabled again', async () => {
    const { bot, endpoint, id, until, calls } = await connect({ types: ['message.sent'] });
    backend.answer(503);
    await sendTo(bot, '726');
    await until(has('message.sent'));
    await eventually(async () => expect((await rig.admin(endpoint)).body.failing_since).not.toBeNull());
    await rig.admin(endpoint, { method: 'PATCH', body: { enabled: false } });
    backend.answer(204);
    await makeDue(id);
    // It was looked at, and looks again in an hour.
    await eventually(async () => {
      const { rowCount } = await pool.query(
        `select 1 from lanes where party = $1 and lease is null and run_at > now() + interval '50 minutes'`,
        [`webhook:${id}`],
      );
      expect(rowCount).toBe(1);
    });
    expect(calls()).toHaveLength(1);
    await rig.admin(endpoint, { method: 'PATCH', body: { enabled: true } });
    await until(has('message.sent', 2));
  });

  it('was deleted: what waited for it ends, and its deliveries are gone', async () => {
    const { bot, endpoint, id, until, calls } = await connect({ types: ['message.sent'] });
    backend.answer(500);
    await sendTo(bot, '731');
    await until(has('message.sent'));
    await eventually(async () => expect((await rig.admin(endpoint)).body.failing_since).not.toBeNull());
    expect((await rig.admin(endpoint, { method: 'DELETE' })).status).toBe(204);
    await eventually(async () => {
      const { rows } = await pool.query(
        `select (select count(*) from lanes where party = $1) + (select count(*) from webhook_deliveries where endpoint_id = $2) as left`,
        [`webhook:${id}`, id],
      );
      expect(Number(rows[0].left)).toBe(0);
    });
    expect(calls()).toHaveLength(1);
    expect((await rig.admin(endpoint)).status).toBe(404);
  });
});

describe('a replay', () => {
  it('is refused while a thousand events wait, so that no repetition fills the queue', async () => {
    const { bot, endpoint, id, until } = await connect({ types: ['message.sent'] });
    backend.answer(503);
    await sendTo(bot, '691');
    const [call] = await until(has('message.sent'));
    const replay = () => rig.admin(`${endpoint}/replay`, { body: { event_ids: [call?.event.id] } });
    expect((await replay()).body.queued).toBe(1);
    await pool.query(
      `with lane as (update lanes set tail = tail + 1000 where party = 'webhook:' || $1 returning key, tail)
       insert into jobs (lane_key, seq, workspace_id, kind, payload)
       select l.key, l.tail - 1000 + n, j.workspace_id, j.kind, j.payload
       from lane l, lateral (select * from jobs where lane_key = l.key limit 1) j, generate_series(1, 1000) n`,
      [id],
    );
    const refused = await replay();
    expect([refused.status, refused.body.error]).toEqual([429, expect.stringContaining('1000 events or more')]);
    expect((await rig.admin(`${endpoint}/replay`, { body: { since: '2020-01-01T00:00:00Z' } })).status).toBe(200);
    await rig.admin(endpoint, { method: 'DELETE' });
  });

  it('sends the named events again, with their ids, and says which ones the workspace does not have', async () => {
    const { bot, endpoint, until, calls } = await connect({ types: ['message.sent'] });
    const other = await connect({ types: ['message.sent'] });
    await sendTo(bot, '801');
    await sendTo(other.bot, '801');
    const [first] = await until(has('message.sent'));
    const [foreign] = await other.until(has('message.sent'));
    await untilIdle(endpoint);
    const none = `evt_${'0'.repeat(33)}`;
    const event_ids = [first?.event.id, foreign?.event.id, none];
    const replay = await rig.admin(`${endpoint}/replay`, { body: { event_ids } });
    expect(replay.body).toEqual({ queued: 1, not_found: [foreign?.event.id, none].sort() });
    await until(has('message.sent', 2));
    await untilIdle(endpoint);
    expect(calls()[1]?.event).toMatchObject({ id: first?.event.id, type: 'message.sent', chat_id: '801' });
    const { body } = await rig.admin(`${endpoint}/deliveries?event_id=${first?.event.id}`);
    expect(body.data).toMatchObject([{ state: 'delivered', attempts: [{ delivered: true }, { delivered: true }] }]);
    expect(body.data[0].event).toMatchObject({ id: first?.event.id, type: 'message.sent' });
  });

  it('since a moment sends everything from there again, in order, and then what is new', async () => {
    const { bot, endpoint, until, calls } = await connect({ types: ['message.sent'] });
    await sendTo(bot, '811');
    await until(has('message.sent'));
    const since = await eventually(async () => {
      const { rows } = await pool.query('select clock_timestamp() as now');
      return (rows[0].now as Date).toISOString();
    });
    for (const chat of ['812', '812', '813']) await sendTo(bot, chat);
    await until(has('message.sent', 4));
    await untilIdle(endpoint);
    expect((await rig.admin(`${endpoint}/replay`, { body: { since } })).body).toEqual({ queued: null, not_found: [] });
    await until(has('message.sent', 7));
    await sendTo(bot, '812');
    await until(has('message.sent', 8));
    const ids = (list: readonly BackendCall[], chat: string) =>
      list.flatMap(({ event }) => (event.chat_id === chat ? [event.id] : []));
    const [before, again] = [calls().slice(0, 4), calls().slice(4)];
    expect(ids(again, '811')).toEqual([]);
    expect(ids(again, '812').slice(0, 2)).toEqual(ids(before, '812'));
    expect(ids(again, '813')).toEqual(ids(before, '813'));
  });

  it('since a moment does not send twice what still waits', async () => {
    const { bot, endpoint, until, calls } = await connect({ types: ['message.sent'] });
    backend.answer(503);
    await sendTo(bot, '821');
    await until(has('message.sent'));
    await eventually(async () => expect((await rig.admin(endpoint)).body.failing_since).not.toBeNull());
    backend.answer(204);
    await rig.admin(`${endpoint}/replay`, { body: { since: '2020-01-01T00:00:00Z' } });
    await until(has('message.sent', 2));
    await untilIdle(endpoint);
    expect(calls()).toHaveLength(2);
  });

  it('to a disabled endpoint is refused', async () => {
    const { endpoint } = await connect({ enabled: false });
    const { status, body } = await rig.admin(`${endpoint}/replay`, { body: { since: '2020-01-01T00:00:00Z' } });
    expect([status, body.error]).toEqual([400, 'The endpoint is disabled. Enable it first, then replay.']);
  });
});

describe('an erasure', () => {
  it('also reaches what endpoints answered', async () => {
    const { bot, endpoint, until } = await connect();
    const customer = newCustomer(rig, bot);
    backend.answer(({ text }, response) => void response.writeHead(200).end(text));
    await sendTo(bot, customer.chatId);
    await until(has('message.recorded'));
    await untilIdle(endpoint);
    expect((await rig.admin(`${endpoint}/deliveries`)).body.data.length).toBeGreaterThan(0);
    const erased = await rig.admin('/api/v1/customers/erase', {
      body: { workspace_id: bot.workspaceId, telegram_user_id: customer.chatId },
    });
    expect([erased.status, erased.body]).toEqual([200, expect.anything()]);
    expect((await rig.admin(`${endpoint}/deliveries`)).body.data).toEqual([]);
  });
});
