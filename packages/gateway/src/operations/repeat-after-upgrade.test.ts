import { createHash, randomUUID } from 'node:crypto';
import { operations } from '@chatferry/contract';
import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { expect, it } from 'vitest';
import { operator } from '../core/access/principal.ts';
import { createVault } from '../secrets/sealed.ts';
import { migrate, readMigrations } from '../store/database/migrate.ts';
import { idempotency } from '../store/idempotency.ts';
import { runOnce } from './run-once.ts';

const rig = await startRig();

it('a send of an earlier version gets its answer when it is repeated, and another body is still refused', async () => {
  const bot = await connectBot(rig);
  const { chatId } = newCustomer(rig, bot);
  const headers = { 'idempotency-key': randomUUID() };
  const first = await send(rig, bot, aSend(chatId), headers);
  expect(first.status).toBe(201);
  const { pool } = rig.database;
  // As the version without keyed digests stored it: the digest of the route and of the body with its fields in order.
  const parsed = operations.sendTelegramInteractive.body.parse(aSend(chatId));
  const source = `POST /api/v1/telegram/interactive\n${inOrder(parsed)}`;
  const unkeyed = createHash('sha256').update(source).digest();
  await pool.query('update idempotency_keys set fingerprint = $2 where key = $1', [
    headers['idempotency-key'],
    unkeyed,
  ]);

  const again = await send(rig, bot, aSend(chatId), headers);
  expect([again.status, again.body.message_id, again.headers.get('idempotent-replayed')]).toEqual([
    201,
    first.body.message_id,
    'true',
  ]);
  const disabled = await rig.admin(`/api/v1/channels/${bot.channelId}`, {
    method: 'PATCH',
    body: { state: 'disabled' },
  });
  expect(disabled.status).toBe(200);
  expect((await send(rig, bot, aSend(chatId), headers)).body.message_id).toBe(first.body.message_id);
  const { chatId: another } = newCustomer(rig, bot);
  expect((await send(rig, bot, aSend(another), headers)).status).toBe(422);
});

/** The JSON of a value with the fields of every object in the order of their names. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_name, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

it('a management request of an earlier version is not carried out again, and nothing of its body and answer stays', async () => {
  const { pool, drop } = await openDatabase('template0');
  const migrations = await readMigrations();
  const named = migrations.findIndex(({ name }) => name === 'erasure');
  try {
    await migrate(pool, { log: silentLog, migrations: migrations.slice(0, named) });
    await pool.query(
      `insert into idempotency_keys (scope, route, key, fingerprint, request_id, epoch, answer)
       values ('admin', 'POST /api/v1/keys', 'asked-before', 'digest', $1, 0, 'sealed')`,
      [randomUUID()],
    );
    await migrate(pool, { log: silentLog, migrations });
    const { rows } = await pool.query('select fingerprint, answer, ended from idempotency_keys');
    expect(rows).toEqual([{ fingerprint: Buffer.alloc(0), answer: null, ended: 'unknown' }]);

    let made = 0;
    const ask = (key: string) => runOnce(depsOn(pool), contextOf(key), aRequest, async () => ({ id: String(++made) }));
    await expect(ask('asked-before')).rejects.toMatchObject({
      error: 'NOT_REPEATABLE',
      message: expect.stringContaining('before the upgrade'),
    });
    expect(made).toBe(0);
    await ask('another');
    expect(made).toBe(1);
  } finally {
    await drop();
  }
});

const aRequest = { spec: operations.createKey, path: '/api/v1/keys', body: {} };

const depsOn = (pool: Parameters<typeof idempotency>[0]) => ({
  store: { idempotency: idempotency(pool), messages: { read: async () => null } },
  vault: createVault({ primary: { id: 'test', key: Buffer.alloc(32, 7) }, others: [] }),
  epoch: 1,
  digestOf: (text: string) => Buffer.from(text),
});

const contextOf = (idempotencyKey: string) => ({
  requestId: randomUUID(),
  principal: operator,
  idempotencyKey,
  markReplayed: () => undefined,
});
