import { randomUUID } from 'node:crypto';
import { readPages } from '@chatferry/testkit/http/read-pages';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

const rig = await startRig();
const { pool } = rig.database;
const path = '/api/v1/dead-letters';
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const jobCount = async () => (await pool.query('select from jobs')).rowCount;

beforeEach(async () => {
  rig.sandbox.faults.clear();
  // A replay of the previous test may not have become another dead letter yet.
  await expect.poll(jobCount).toBe(0);
  await pool.query('delete from dead_letters');
});

const list = async (query = '') => (await rig.admin(`${path}${query}`)).body.data;
const message = async (id: number) =>
  (await rig.call(`/api/v1/messages/${id}`, { headers: { 'x-octopods-auth': bot.key } })).body;
const untilListed = (count = 1) => expect.poll(() => list(), { timeout: 10_000 }).toHaveLength(count);

/** A message that Intercom refuses. */
async function refusedByTheInbox(): Promise<number> {
  const { chatId } = newCustomer(rig, bot);
  rig.sandbox.faults.inject({
    provider: 'intercom',
    operation: '*',
    times: 1_000,
    effect: { kind: 'answer-before', answer: { status: 422, body: { type: 'error.list', errors: [] } } },
  });
  const { body } = await send(rig, bot, aSend(chatId));
  await expect.poll(async () => (await message(body.message_id)).mirror.state, { timeout: 10_000 }).toBe('dead');
  return body.message_id;
}

/** A job that cannot succeed, as a waiting dead letter. */
const given = (kind: string, payload: object, lane = `inbox:${bot.channelId}:1`) =>
  pool.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures) values ($1, $2, $3, $4, 'for a test', 0)`,
    [bot.workspaceId, lane, kind, JSON.stringify(payload)],
  );

describe('a dead letter', () => {
  it('is listed and shown with its cause, and a replay writes the copy into the inbox', async () => {
    const id = await refusedByTheInbox();
    const letter = (await list()).find(({ message_id }: { message_id: number }) => message_id === id);
    expect(letter).toMatchObject({ kind: 'mirror', state: 'waiting', workspace_id: bot.workspaceId, update_id: null });
    expect(letter.cause).toContain('422');
    const at = `${path}/${letter.id}`;
    expect((await rig.admin(at)).body).toMatchObject({ ...letter, raw: null });
    rig.sandbox.faults.clear();
    const { status, body } = await rig.admin(`${at}/replay`, { method: 'POST' });
    expect([status, body.state, typeof body.decided_at]).toEqual([200, 'replayed', 'string']);
    await expect.poll(async () => (await message(id)).mirror.state, { timeout: 10_000 }).toBe('done');
    expect(await list('?state=replayed')).toMatchObject([{ id: letter.id }]);
    expect((await list()).map(({ id: waiting }: { id: string }) => waiting)).not.toContain(letter.id);
  });

  it('shows the raw update that could not be applied, which is marked dead with it', async () => {
    await pool.query(`create function stumble() returns trigger language plpgsql as $$
      begin raise exception 'a fault of ours'; end $$`);
    await pool.query(`create trigger stumble before insert on messages for each row
      when (new.direction = 'inbound') execute function stumble()`);
    try {
      const customer = newCustomer(rig, bot);
      await expect
        .poll(
          async () => {
            await pool.query('update lanes set run_at = now() where lease is null and run_at > now()');
            return list();
          },
          { timeout: 10_000 },
        )
        .toMatchObject([{ kind: 'update', cause: 'failed 8 times: a fault of ours' }]);
      const [letter] = await list();
      const { rows } = await pool.query('select state, detail from updates where id = $1', [letter.update_id]);
      expect(rows).toEqual([{ state: 'dead', detail: 'failed 8 times: a fault of ours' }]);
      const { raw } = (await rig.admin(`${path}/${letter.id}`)).body;
      expect(JSON.parse(raw).message.chat.id).toBe(customer.at.chat_id);
      await pool.query('drop trigger stumble on messages');
      await rig.admin(`${path}/${letter.id}/replay`, { method: 'POST' });
      await expect
        .poll(
          async () => (await pool.query('select state from updates where id = $1', [letter.update_id])).rows[0].state,
          { timeout: 10_000 },
        )
        .toBe('applied');
    } finally {
      await pool.query('drop function stumble cascade');
    }
  });

  it('is discarded with a reason, which is stored', async () => {
    await given('mirror', { messageId: 1, createdOn: '2020-01-01' });
    const [{ id }] = await list();
    const headers = { 'idempotency-key': randomUUID() };
    const ask = () => rig.admin(`${path}/${id}/discard`, { body: { reason: ' no use ' }, headers });
    const { status, body } = await ask();
    expect([status, body.state, body.note]).toEqual([200, 'discarded', 'no use']);
    expect((await ask()).body).toEqual(body);
    const another = await rig.admin(`${path}/${id}/discard`, { body: { reason: 'else' }, headers });
    expect([another.status, another.body.error_code]).toEqual([422, 122]);
    expect((await rig.admin(`${path}/${id}/replay`, { method: 'POST' })).body.error).toContain('was discarded at');
  });

  it('can be decided only once', async () => {
    await given('mirror', { messageId: 1, createdOn: '2020-01-01' });
    const [{ id }] = await list();
    const answers = await Promise.all([
      rig.admin(`${path}/${id}/replay`, { method: 'POST' }),
      rig.admin(`${path}/${id}/discard`, { body: { reason: 'no use' } }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('that fails again becomes another dead letter', async () => {
    await given('mirror', { messageId: 1, createdOn: '2020-01-01' });
    const [{ id }] = await list();
    await rig.admin(`${path}/${id}/replay`, { method: 'POST' });
    await untilListed();
    const [again] = await list();
    expect(again.id).not.toBe(id);
    expect(again.cause).toContain('retention');
  });
});

describe('many dead letters', () => {
  it('are counted and replayed in order, and a second call changes nothing', async () => {
    for (const messageId of [1, 2, 3]) await given('mirror', { messageId, createdOn: '2020-01-01' });
    await given('automatic', {}, 'inbox:chn_other:1');
    const replay = async (body: object) => (await rig.admin(`${path}/replay`, { body })).body;
    expect(await replay({ kind: 'mirror', dry_run: true })).toEqual({ replayed: 0, remaining: 3 });
    expect(await replay({ workspace_id: 'wsp_another' })).toEqual({ replayed: 0, remaining: 0 });
    expect(await replay({ created_before: '2020-01-01T00:00:00Z' })).toEqual({ replayed: 0, remaining: 0 });
    expect((await replay({ kind: 'mirror' })).replayed).toBe(3);
    await expect.poll(async () => (await list('?kind=mirror')).length, { timeout: 10_000 }).toBe(3);
    const order = (await list('?kind=mirror')).map(({ message_id }: { message_id: number }) => message_id);
    expect(order).toEqual([1, 2, 3]);
  });

  it('come in pages', async () => {
    for (let messageId = 1; messageId <= 5; messageId += 1) {
      await given('mirror', { messageId, createdOn: '2020-01-01' });
    }
    const pages = await readPages(rig.admin, `${path}?limit=2`);
    expect(pages.map((page) => page.map((letter) => letter['message_id']))).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('a dead letter request is refused for', () => {
  it.each([
    ['a dead letter that does not exist', `${path}/ddl_999999999`, 404, 104],
    ['an id of another form', `${path}/ddl_0x`, 404, 104],
    ['an unknown cursor', `${path}?cursor=nonsense`, 400, 4],
    ['an unknown state', `${path}?state=alive`, 400, 4],
  ])('%s', async (_name, at, status, code) => {
    const answer = await rig.admin(at);
    expect([answer.status, answer.body.error_code]).toEqual([status, code]);
  });

  it('a discard without a reason', async () => {
    await given('mirror', { messageId: 1, createdOn: '2020-01-01' });
    const [{ id }] = await list();
    const { status, body } = await rig.admin(`${path}/${id}/discard`, { body: {} });
    expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 1, '/reason']);
    expect((await rig.admin(`${path}/ddl_999999999/discard`, { body: { reason: 'x' } })).status).toBe(404);
    expect((await rig.admin(`${path}/ddl_999999999/replay`, { method: 'POST' })).status).toBe(404);
  });

  it('the holder of a send key', async () => {
    const headers = { authorization: `Bearer ${bot.key}` };
    expect((await rig.call(path, { headers })).status).toBe(403);
    expect((await rig.call(`${path}/replay`, { body: {}, headers })).status).toBe(403);
  });
});
