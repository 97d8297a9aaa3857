import type { Customer } from '@chatferry/testkit/rigs/rig';
import { tooManyRequests } from '@chatferry/testkit/rigs/too-many-requests';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const path = '/api/v1/messages';
const dayMs = 24 * 3600 * 1_000;

const call = ({ bot }: AgentsDesk, method: string, url: string, body?: object, headers = {}) =>
  rig.call(url, {
    method,
    headers: { 'x-octopods-auth': bot.key, ...headers },
    ...(body === undefined ? {} : { body }),
  });
const show = async (desk: AgentsDesk, id: number) => (await call(desk, 'GET', `${path}/${id}`)).body;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
const schedule = async (desk: AgentsDesk, { chatId }: Customer, headers = {}) => {
  const body = { to: chatId, text: 'Good morning', send_at: inDays(10), metadata: { order: 'A-1' } };
  const answer = await call(desk, 'POST', path, body, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const sentTo = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);

/** The time has come. */
const passTime = async (...ids: readonly number[]) => {
  const { pool } = rig.database;
  await pool.query(`update messages set send_at = now() - interval '1 second' where id = any ($1)`, [ids]);
  await pool.query(
    `update lanes set run_at = now() where key like 'scheduled:%' and split_part(key, ':', 3)::bigint = any ($1)`,
    [ids],
  );
};
const noneWaits = (...ids: readonly number[]) =>
  eventually(async () => {
    const { rows } = await rig.database.pool.query(
      `select 1 from lanes where key like 'scheduled:%' and split_part(key, ':', 3)::bigint = any ($1)`,
      [ids],
    );
    expect(rows).toEqual([]);
  });

describe('a scheduled message', () => {
  it('is stored, waits over a restart, is sent once when it is due, and is shown in the inbox then', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const message = await schedule(desk, customer);
    expect(message).toMatchObject({ state: 'scheduled', attempts: [], channel_message_id: null });
    expect(Date.parse(message.send_at)).toBeGreaterThan(Date.now() + 9 * dayMs);
    // What the provider could not deliver during the restart it delivers again only after a while.
    await desk.reads('customer: ⁂ (started the bot)');
    await rig.restart();
    expect(sentTo(customer)).toEqual([]);
    await passTime(message.id);
    await eventually(async () => expect((await show(desk, message.id)).state).toBe('sent'));
    await noneWaits(message.id);
    expect(sentTo(customer)).toEqual(['Good morning']);
    expect(await show(desk, message.id)).toMatchObject({ metadata: { order: 'A-1' }, attempts: [{ number: 1 }] });
    await desk.reads('customer: ⁂ (started the bot)', 'teammate: Good morning');
  });

  it('is not sent early, also if its lane is looked at before the time', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await schedule(desk, customer);
    await rig.database.pool.query(`update lanes set run_at = now() where key like 'scheduled:%:' || $1`, [id]);
    await eventually(async () => {
      const { rows } = await rig.database.pool.query(
        `select 1 from lanes where key like 'scheduled:%:' || $1 and run_at > now() + interval '9 days' and lease is null`,
        [id],
      );
      expect(rows).toHaveLength(1);
    });
    expect([(await show(desk, id)).state, sentTo(customer)]).toEqual(['scheduled', []]);
  });

  it('that is deleted before it is due is cancelled and not sent, however often it is deleted', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await schedule(desk, customer);
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await call(desk, 'DELETE', `${path}/${id}`);
      expect([status, body.state]).toEqual([200, 'cancelled']);
    }
    await passTime(id);
    await noneWaits(id);
    expect([(await show(desk, id)).state, sentTo(customer)]).toEqual(['cancelled', []]);
  });

  it('has one row under one Idempotency-Key, and the repetition gets the same message', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const body = { to: customer.chatId, text: 'Hello', send_at: inDays(1) };
    const headers = { 'idempotency-key': 'later-1' };
    const first = await call(desk, 'POST', path, body, headers);
    const second = await call(desk, 'POST', path, body, headers);
    expect([second.status, second.body.id, second.body.state]).toEqual([201, first.body.id, 'scheduled']);
  });

  it.each([
    ['was sent', null, 'sent'],
    ['failed', (customer: Customer) => void telegram.block(customer.at), 'failed'],
  ])('gets the same answer under the same Idempotency-Key after it %s', async (_what, spoil, state) => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const headers = { 'idempotency-key': `later-${state}` };
    const body = { to: customer.chatId, text: 'Hello', send_at: new Date(Date.now() + 1_500).toISOString() };
    const first = await call(desk, 'POST', path, body, headers);
    expect([first.status, first.body.state]).toEqual([201, 'scheduled']);
    spoil?.(customer);
    await eventually(async () => expect((await show(desk, first.body.id)).state).toBe(state));
    const again = await call(desk, 'POST', path, body, headers);
    expect([again.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
    expect(sentTo(customer)).toHaveLength(state === 'sent' ? 1 : 0);
  });

  it.each([
    ['past', () => inDays(-1), /must be in the future/],
    ['too far ahead', () => inDays(31), /at most 30 days ahead/],
    ['no time', () => 'tomorrow', /ISO 8601/],
  ])('whose time is %s is refused where the problem is', async (_name, at, sentence) => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { status, body } = await call(desk, 'POST', path, { to: customer.chatId, text: 'x', send_at: at() });
    expect([status, body.details[0].pointer, body.error]).toEqual([400, '/send_at', expect.stringMatching(sentence)]);
    const key = { 'idempotency-key': 'refused-1' };
    await call(desk, 'POST', path, { to: customer.chatId, text: 'x', send_at: inDays(-1) }, key);
    expect((await call(desk, 'POST', path, { to: customer.chatId, text: 'x' }, key)).status).toBe(201);
  });

  it('to a customer who blocked the bot in the meantime fails with the reason', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await schedule(desk, customer);
    telegram.block(customer.at);
    await passTime(id);
    await eventually(async () =>
      expect(await show(desk, id)).toMatchObject({ state: 'failed', failure: { code: 5, reason: 'blocked' } }),
    );
  });

  it('of a workspace that is disabled in the meantime fails and says so', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await schedule(desk, customer);
    await rig.admin(`/api/v1/channels/${desk.bot.channelId}`, {
      method: 'PATCH',
      body: { interactive_enabled: false },
    });
    await passTime(id);
    await eventually(async () =>
      expect(await show(desk, id)).toMatchObject({
        state: 'failed',
        failure: { name: 'FEATURE_DISABLED', detail: expect.stringContaining('when it was due') },
      }),
    );
    expect(sentTo(customer)).toEqual([]);
  });

  it('to a customer who is erased is not sent', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await schedule(desk, customer);
    const erased = await rig.admin('/api/v1/customers/erase', {
      body: { workspace_id: desk.bot.workspaceId, telegram_user_id: customer.chatId },
    });
    expect(erased.status, JSON.stringify(erased.body)).toBeLessThan(300);
    await passTime(id);
    await noneWaits(id);
    expect(sentTo(customer)).toEqual([]);
  });

  describe('while Telegram takes nothing', () => {
    const away = (times: number) =>
      rig.sandbox.faults.inject({
        provider: 'telegram',
        operation: 'sendMessage',
        times,
        effect: tooManyRequests(30),
      });
    /** The waits are over. */
    const passWaits = async () => {
      await rig.database.pool.query('update chats set paused_until = null');
      await rig.database.pool.query(`update lanes set run_at = now() where key like 'scheduled:%' and lease is null`);
    };
    const attemptsOf = async (desk: AgentsDesk, id: number) =>
      (await show(desk, id)).attempts.map(({ number, outcome }: { number: number; outcome: string }) => [
        number,
        outcome,
      ]);

    it('waits as a scheduled one, with each try in its history, and is sent once', async () => {
      const desk = await openAgentsDesk(rig, 'intercom');
      const customer = desk.customer();
      const { id } = await schedule(desk, customer);
      away(2);
      await passTime(id);
      await eventually(async () => {
        expect(await attemptsOf(desk, id)).toEqual([[1, 'deferred']]);
        expect((await show(desk, id)).state).toBe('scheduled');
      });
      await eventually(async () => {
        await passWaits();
        expect((await show(desk, id)).state).toBe('sent');
      });
      expect(await attemptsOf(desk, id)).toEqual([
        [1, 'deferred'],
        [2, 'deferred'],
        [3, 'delivered'],
      ]);
      await noneWaits(id);
      expect(sentTo(customer)).toEqual(['Good morning']);
    });

    it('can be cancelled, and is not sent afterwards', async () => {
      const desk = await openAgentsDesk(rig, 'intercom');
      const customer = desk.customer();
      const { id } = await schedule(desk, customer);
      away(1);
      await passTime(id);
      await eventually(async () => expect(await attemptsOf(desk, id)).toHaveLength(1));
      await eventually(async () => expect((await call(desk, 'DELETE', `${path}/${id}`)).body.state).toBe('cancelled'));
      await eventually(async () => {
        await passWaits();
        await noneWaits(id);
      });
      expect(sentTo(customer)).toEqual([]);
    });

    it('fails with the reason an hour after its time', async () => {
      const desk = await openAgentsDesk(rig, 'intercom');
      const customer = desk.customer();
      const { id } = await schedule(desk, customer);
      away(1);
      await rig.database.pool.query(`update messages set send_at = now() - interval '61 minutes' where id = $1`, [id]);
      await rig.database.pool.query(`update lanes set run_at = now() where key like 'scheduled:%:' || $1`, [id]);
      await eventually(async () =>
        expect(await show(desk, id)).toMatchObject({
          state: 'failed',
          failure: { name: 'RATE_LIMITED', detail: expect.stringContaining('retry after 30') },
        }),
      );
      await noneWaits(id);
      expect(sentTo(customer)).toEqual([]);
    });
  });
});
