import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;
let name: string;

beforeAll(async () => {
  bot = await connectBot(rig);
  const { rows } = await rig.database.pool.query<{ name: string }>('select current_database() as name');
  name = rows[0]?.name ?? '';
  rig.database.pool.on('error', () => undefined);
});

/** Ends the gateway's connections and accepts no new ones, as a server that restarts does. */
async function setAway(away: boolean): Promise<void> {
  const client = new pg.Client(inject('postgres').connection);
  await client.connect();
  await client.query(`alter database ${name} allow_connections ${!away}`);
  // The server's own workers may not be ended.
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
    [name],
  );
  await client.end();
}

const isReady = async () => (await rig.call('/readyz')).status;

afterEach(async () => {
  await setAway(false);
  await expect.poll(isReady, { timeout: 15_000 }).toBe(200);
});

describe('while the database is unavailable', () => {
  it('the process reports that it runs, and why it is not ready', async () => {
    expect((await rig.call('/readyz')).body).toEqual({ status: 'ok' });
    await setAway(true);
    expect((await rig.call('/healthz')).body).toEqual({ status: 'ok' });
    const { status, body, headers } = await rig.call('/readyz');
    expect([status, body.error_code, headers.get('retry-after')]).toEqual([503, 153, '1']);
    expect(body.details.map(({ message }: { message: string }) => message)).toContain('the database does not answer');
    expect(JSON.stringify(body)).not.toContain(name);
  });

  it('every request gets 503 with Retry-After, and nothing is sent', async () => {
    const customer = newCustomer(rig, bot);
    const known = await send(rig, bot, aSend(customer.chatId));
    expect(known.status).toBe(201);
    await setAway(true);
    const answers = [
      await send(rig, bot, aSend(customer.chatId)),
      await send(rig, { ...bot, key: 'a-key-of-no-request-so-far' }, aSend(customer.chatId)),
      await rig.call(`/api/v1/messages/${known.body.message_id}`, { headers: { 'x-octopods-auth': bot.key } }),
      await rig.admin('/api/v1/channels'),
      await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: bot.channelId } }),
      await rig.call('/hooks/telegram/a-path-that-may-be-one', { body: { update_id: 1 } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error_code])).toEqual(answers.map(() => [503, 153]));
    for (const { headers } of answers) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(rig.sandbox.telegram.sent({ chat_id: Number(customer.chatId) })).toHaveLength(1);
    await setAway(false);
    await expect.poll(isReady, { timeout: 15_000 }).toBe(200);
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
  });

  it('an invalid body still gets 400', async () => {
    await setAway(true);
    expect((await rig.admin('/api/v1/keys', { body: {} })).status).toBe(400);
  });
});
