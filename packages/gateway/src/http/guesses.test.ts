import { randomBytes } from 'node:crypto';
import {
  adminToken,
  aSend,
  type ConnectedBot,
  connectBot,
  newCustomer,
  send,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

// The tests take the part of a proxy, to come from several addresses. Each test has its own networks.
const rig = await startRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });
rig.database.pool.on('error', () => undefined);
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

type Headers = Readonly<Record<string, string>>;

const randomText = () => randomBytes(24).toString('base64url').slice(0, 32);
const statusOf = async (path: string, headers: Headers, method = 'GET') =>
  (await rig.call(path, { method, headers })).status;

/** Every kind of secret that a stranger can guess, with a new guess each time. */
const guesses: readonly (readonly [string, (headers: Headers) => Promise<number>])[] = [
  ['API keys', (headers) => statusOf('/api/v1/messages', { ...headers, 'x-octopods-auth': randomText() })],
  [
    'API keys as bearer tokens',
    (headers) => statusOf('/api/v1/keys', { ...headers, authorization: `Bearer ${randomText()}` }),
  ],
  [
    'tokens of scripts',
    (headers) => statusOf('/api/v1/keys', { ...headers, authorization: `Bearer cft_${randomText()}` }),
  ],
  ['sessions', (headers) => statusOf('/api/v1/me', { ...headers, cookie: `__Host-chatferry=${randomText()}` })],
  [
    'links of installs',
    async (headers) => (await fetch(`${rig.url}/connect/start/${randomText()}`, { headers })).status,
  ],
  ['webhooks of Telegram', (headers) => statusOf(`/hooks/telegram/${randomText()}`, headers, 'POST')],
  [
    'webhooks of Intercom',
    (headers) =>
      statusOf(`/hooks/intercom/${randomText()}`, { ...headers, 'x-hub-signature': `sha1=${'0'.repeat(40)}` }, 'POST'),
  ],
];

describe('a network that guesses', () => {
  const numbered = guesses.map(([name, guess], index) => [name, guess, index] as const);

  it.each(numbered)('for %s has to wait, and other networks do not', async (_name, guess, index) => {
    const from = (last: number) => ({ 'x-forwarded-for': `2001:db8:${index}::${last}` });
    const guessAtOnce = (count: number) => Promise.all(Array.from({ length: count }, (_, last) => guess(from(last))));
    expect(await guessAtOnce(50)).not.toContain(429);
    expect(await guessAtOnce(400)).toContain(429);
    expect(await guess({ 'x-forwarded-for': `198.51.100.${index}` })).not.toBe(429);
    expect(await guess({ 'x-forwarded-for': `2001:db8:f00${index}::1` })).not.toBe(429);
  });

  it('is answered with how long to wait, and keys, tokens and sessions that were used before still work there', async () => {
    const { chatId } = newCustomer(rig, bot);
    const token = (await rig.admin('/api/v1/tokens', { body: { name: 'CI', role: 'admin' } })).body.secret;
    const headers = { 'x-forwarded-for': '203.0.113.1' };
    const bearer = { ...headers, authorization: `Bearer ${token}` };
    expect((await send(rig, bot, aSend(chatId), headers)).status).toBe(201);
    expect(await statusOf('/api/v1/keys', bearer)).toBe(200);
    let refused = await rig.call('/healthz');
    for (let count = 0; count < 300 && refused.status !== 429; count += 1)
      refused = await rig.call('/api/v1/messages', { headers: { ...headers, 'x-octopods-auth': randomText() } });
    expect([refused.status, refused.body.error_code, Number(refused.headers.get('retry-after')) > 0]).toEqual([
      429,
      129,
      true,
    ]);
    // A change empties the memory, and the key is looked up again.
    expect((await rig.admin(`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name: 'Changed' } })).status).toBe(
      200,
    );
    expect((await send(rig, bot, aSend(chatId), headers)).status).toBe(201);
    expect(await statusOf('/api/v1/keys', bearer)).toBe(200);
    expect(await statusOf('/api/v1/keys', { ...headers, authorization: `Bearer ${adminToken}` })).toBe(200);
  });

  it('may present one wrong key as often as it likes, and learns the same each time', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.2', 'x-octopods-auth': 'a-wrong-key-in-some-configuration' };
    const statuses = new Set<number>();
    for (let count = 0; count < 300; count += 1) statuses.add(await statusOf('/api/v1/messages', headers));
    expect([...statuses]).toEqual([401]);
  });
});

describe('networks that guess together', () => {
  /** More than all networks together may guess at once, each guess from another network. */
  const wave = () =>
    Promise.all(
      Array.from({ length: 1_500 }, (_, network) =>
        statusOf('/api/v1/messages', {
          'x-forwarded-for': `2001:db8:${network.toString(16)}:ffff::1`,
          'x-octopods-auth': randomText(),
          // A busy machine may drop some of these connections.
        }).catch(() => null),
      ),
    );

  /** A slow machine needs more than one wave, because some guesses are allowed again while it runs. */
  const flood = async () => {
    const statuses: (number | null)[] = [];
    for (let waves = 0; waves < 5 && !statuses.includes(429); waves += 1) statuses.push(...(await wave()));
    return statuses;
  };

  it('do not shut out keys, tokens and sessions that were never used in this process', async () => {
    const { chatId } = newCustomer(rig, bot);
    const token = (await rig.admin('/api/v1/tokens', { body: { name: 'New', role: 'admin' } })).body.secret;
    const body = { kind: 'channel', channel_id: bot.channelId };
    const made = await Promise.all([1, 2, 3].map(() => rig.admin('/api/v1/keys', { body })));
    await rig.restart();
    const from = { 'x-forwarded-for': '203.0.113.9' };
    for (const { body: key } of made) {
      const [statuses, answer] = await Promise.all([
        flood(),
        send(rig, { ...bot, key: key.secret }, aSend(chatId), from),
      ]);
      expect(statuses).toContain(429);
      expect(answer.status).toBe(201);
    }
    const bearer = { ...from, authorization: `Bearer ${token}` };
    const [statuses, status] = await Promise.all([flood(), statusOf('/api/v1/keys', bearer)]);
    expect(statuses).toContain(429);
    expect(status).toBe(200);
  }, 120_000);
});

describe('a key that cannot be valid', () => {
  afterEach(() => rig.database.pool.query('alter table keys_away rename to keys').catch(() => undefined));

  it('is refused without the database: a damaged one, and one that was unknown a moment ago', async () => {
    const damaged = `${bot.key.slice(0, -1)}${bot.key.endsWith('0') ? '1' : '0'}`;
    const unknown = randomText();
    const tryKey = (key: string) => statusOf('/api/v1/messages', { 'x-octopods-auth': key });
    expect(await tryKey(unknown)).toBe(401);
    await rig.database.pool.query('alter table keys rename to keys_away');
    expect(await tryKey(unknown)).toBe(401);
    for (let count = 0; count < 150; count += 1) expect(await tryKey(damaged)).toBe(401);
    // Without the table, a look-up fails.
    expect(await tryKey(randomText())).toBe(500);
  });
});

describe('a key that was tried before it existed', () => {
  it('works soon after another replica created it', async () => {
    const other = await rig.startAnother();
    const secret = `imported-${randomText()}`;
    const headers = { 'x-octopods-auth': secret };
    expect(await statusOf('/api/v1/messages', headers)).toBe(401);
    const body = JSON.stringify({ kind: 'channel', channel_id: bot.channelId, secret });
    const created = await fetch(`${other.address}/api/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body,
    });
    expect(created.status).toBe(201);
    await expect.poll(() => statusOf('/api/v1/messages', headers), { timeout: 20_000 }).toBe(200);
  }, 40_000);
});
