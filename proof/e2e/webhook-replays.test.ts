import type { BackendCall } from '@chatferry/testkit/http/webhook-backend';
import { newCustomer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { has, startWebhookRig } from './webhook-rig.ts';

const { backend, rig, connect, sendTo, untilIdle } = await startWebhookRig();
const { pool } = rig.database;

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
