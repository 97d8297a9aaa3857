import { Event } from '@chatferry/contract';
import { connectBot } from '@chatferry/testkit/rigs/rig';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { has, startWebhookRig, typesOf, webhookPath } from './webhook-rig.ts';

const { backend, rig, connect, sendTo, untilIdle, untilReadable } = await startWebhookRig();
const { pool } = rig.database;

/** Makes the next attempt of the endpoint due, as soon as it waits for one. */
const makeDue = (id: string) =>
  eventually(async () => {
    const due = await pool.query(
      `update lanes set run_at = now() where lease is null and run_at > now() and party = 'webhook:' || $1`,
      [id],
    );
    expect(due.rowCount).toBeGreaterThan(0);
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
    await rig.admin(`${webhookPath}/${id}`, { method: 'PATCH', body: { channel_ids: [bot.channelId] } });
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
