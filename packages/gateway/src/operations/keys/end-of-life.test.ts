import {
  aSend,
  type ConnectedBot,
  type Customer,
  connectBot,
  newCustomer,
  send,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/keys';
let bot: ConnectedBot;
let customer: Customer;

beforeAll(async () => {
  bot = await connectBot(rig);
  customer = newCustomer(rig, bot);
});

const newKey = async (body: Readonly<Record<string, unknown>> = {}): Promise<{ id: string; secret: string }> =>
  (await rig.admin(path, { body: { kind: 'channel', channel_id: bot.channelId, ...body } })).body;
const rotate = (id: string, body: unknown) => rig.admin(`${path}/${id}/rotate`, { body });
const stateOf = async (id: string) => (await rig.admin(`${path}/${id}`)).body.state;

/** The answer to a send with this key. */
async function answerTo(secret: string): Promise<number | 'sent'> {
  const { status, body } = await send(rig, { ...bot, key: secret }, aSend(customer.chatId));
  return status === 201 ? 'sent' : body.error_code;
}

/** The gateway forgets the keys in memory at the next change. The time is the database's. */
async function at(id: string, column: 'expires_at' | 'retires_at'): Promise<void> {
  await rig.database.pool.query(`update keys set ${column} = now() where id = $1`, [id]);
  await rig.admin(`/api/v1/channels/${bot.channelId}`, { method: 'PATCH', body: {} });
}

describe('the rotation of a key', () => {
  it('keeps both keys valid during the overlap, and only the new one afterwards', async () => {
    const old = await newKey({ name: 'Backend', limit: { per_second: 7, burst: 8 } });
    const { status, body } = await rotate(old.id, { overlap_seconds: 3600 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Backend',
      state: 'live',
      retires_at: null,
      limit: { per_second: 7, burst: 8 },
    });
    expect(body.replaces).toMatchObject({ id: old.id, state: 'live' });
    const overlapMs = Date.parse(body.replaces.retires_at) - Date.parse(body.created_at);
    expect(Math.round(overlapMs / 60_000)).toBe(60);
    expect([await answerTo(old.secret), await answerTo(body.secret)]).toEqual(['sent', 'sent']);
    await at(old.id, 'retires_at');
    expect([await answerTo(old.secret), await answerTo(body.secret)]).toEqual([6, 'sent']);
    expect(await stateOf(old.id)).toBe('retired');
  });

  it('has an overlap of one day by default, and none when the request says so', async () => {
    const first = await newKey();
    const byDefault = await rig.admin(`${path}/${first.id}/rotate`, { method: 'POST' });
    const hours = (Date.parse(byDefault.body.replaces.retires_at) - Date.parse(byDefault.body.created_at)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    const second = await newKey();
    expect(await answerTo(second.secret)).toBe('sent');
    await rotate(second.id, { overlap_seconds: 0 });
    expect(await answerTo(second.secret)).toBe(6);
  });

  it('keeps an earlier end when the key is rotated again', async () => {
    const key = await newKey();
    const sooner = await rotate(key.id, { overlap_seconds: 60 });
    const later = await rotate(key.id, { overlap_seconds: 3600 });
    expect(later.body.replaces.retires_at).toBe(sooner.body.replaces.retires_at);
  });

  it.each([-1, 2_592_001, 1.5, '60'])('refuses an overlap of %j', async (overlap_seconds) => {
    const { status, body } = await rotate(bot.keyId, { overlap_seconds });
    expect([status, body.details[0].pointer]).toEqual([400, '/overlap_seconds']);
  });

  it('is refused for a key that is not live, with what to do instead', async () => {
    const key = await newKey();
    await rig.admin(`${path}/${key.id}/revoke`, { method: 'POST' });
    const { status, body } = await rotate(key.id, {});
    expect([status, body.error_code, body.error]).toEqual([400, 4, expect.stringContaining('Create a new key')]);
  });
});

describe('a key that has ended', () => {
  it('gets error 6 after its revocation, with the advice to get the current key', async () => {
    const key = await newKey();
    expect(await answerTo(key.secret)).toBe('sent');
    const revoked = await rig.admin(`${path}/${key.id}/revoke`, { method: 'POST' });
    expect([revoked.status, revoked.body.state]).toEqual([200, 'revoked']);
    const { status, body } = await send(rig, { ...bot, key: key.secret }, aSend(customer.chatId));
    expect([status, body.error_code, body.error_name]).toEqual([400, 6, 'DEPRECATED_API_KEY']);
    expect(body.error).toContain('current key');
    expect((await rig.admin(`${path}/${key.id}/revoke`, { method: 'POST' })).status).toBe(200);
  });

  it('gets error 6 before any error about the body', async () => {
    const key = await newKey();
    await rig.admin(`${path}/${key.id}/revoke`, { method: 'POST' });
    const { body } = await send(rig, { ...bot, key: key.secret }, { telegram_interactive_message: 7 });
    expect(body.error_code).toBe(6);
  });

  it('gets error 6 after it expired', async () => {
    const key = await newKey({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await answerTo(key.secret)).toBe('sent');
    await at(key.id, 'expires_at');
    expect([await answerTo(key.secret), await stateOf(key.id)]).toEqual([6, 'expired']);
  });

  it('gets 401 after it was deleted, like a key that never existed', async () => {
    const key = await newKey();
    expect(await answerTo(key.secret)).toBe('sent');
    const deleted = await rig.admin(`${path}/${key.id}`, { method: 'DELETE' });
    expect([deleted.status, deleted.body]).toEqual([204, null]);
    expect(await answerTo(key.secret)).toBe(101);
    expect((await rig.admin(`${path}/${key.id}`)).status).toBe(404);
  });

  it('does not affect the other keys of its channel', async () => {
    const [one, other] = [await newKey(), await newKey()];
    await rig.admin(`${path}/${one.id}/revoke`, { method: 'POST' });
    expect([await answerTo(other.secret), await answerTo(bot.key)]).toEqual(['sent', 'sent']);
  });

  it('is refused by another replica within five seconds', async () => {
    const replica = await rig.startAnother();
    const key = await newKey();
    const statusThere = async () =>
      (await fetch(`${replica.address}/api/v1/messages`, { headers: { 'x-octopods-auth': key.secret } })).status;
    expect(await statusThere()).toBe(200);
    await rig.admin(`${path}/${key.id}/revoke`, { method: 'POST' });
    await expect.poll(statusThere, { timeout: 5_000, interval: 100 }).toBe(400);
  });
});
