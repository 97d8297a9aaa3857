import { createHmac } from 'node:crypto';
import { type BodyHead, type OpenBody, openBody } from '@chatferry/testkit/http/open-body';
import { type ConnectedBot, connectBot, sendPath, startRig } from '@chatferry/testkit/rigs/rig';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

// The tests take the part of a proxy, to come from several addresses.
const rig = await startRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' });
const MiB = 1024 * 1024;
const clientSecret = 'the-client-secret-of-these-tests';
let bot: ConnectedBot;
let telegramPath: string;
let intercomPath: string;

beforeAll(async () => {
  bot = await connectBot(rig);
  const inbox = { kind: 'intercom', access_token: bot.intercomToken, client_secret: clientSecret };
  await rig.admin(`/api/v1/workspaces/${bot.workspaceId}`, { method: 'PATCH', body: { inbox } });
  const { rows } = await rig.database.pool.query(
    'select c.hook_path as telegram, w.hook_path as intercom from channels c join workspaces w on w.id = c.workspace_id',
  );
  telegramPath = `/hooks/telegram/${rows[0].telegram}`;
  intercomPath = `/hooks/intercom/${rows[0].intercom}`;
});

const open: OpenBody[] = [];
afterEach(() => {
  for (const body of open.splice(0)) body.close();
});

function begin(head: BodyHead, body: Uint8Array = new Uint8Array()): OpenBody {
  const begun = openBody(rig.url, head, body);
  open.push(begun);
  return begun;
}

const json = { 'Content-Type': 'application/json' };
const plausible = { ...json, 'X-Hub-Signature': `sha1=${'0'.repeat(40)}` };
const hubspot = (ageMs: number) => ({
  ...json,
  'X-HubSpot-Signature-v3': `${'A'.repeat(43)}=`,
  'X-HubSpot-Request-Timestamp': String(Date.now() - ageMs),
});

/** A genuine event of Intercom from this address, for the workspace’s own path. */
async function signedCall(from: string, path = intercomPath): Promise<number> {
  const id = `notif_${from}`;
  const body = JSON.stringify({ type: 'notification_event', topic: 'ping', id, app_id: bot.intercomId, data: {} });
  const signature = `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
  const headers = { ...json, 'x-hub-signature': signature, 'x-forwarded-for': from };
  return (await fetch(`${rig.url}${path}`, { method: 'POST', headers, body })).status;
}

/** The gateway also ends a request that is not complete after 30 seconds. That is no refusal. */
const isTooSlow = (one: OpenBody): boolean => one.answer().includes('did not arrive in time');
const refusedOf = (bodies: readonly OpenBody[]): readonly OpenBody[] =>
  bodies.filter((one) => one.isEnded() && !isTooSlow(one));

const refusedWith = (status: number) => expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} .*"error_code"`, 's'));

describe('a request whose head tells that it will be refused', () => {
  const known = () => ({ telegram: telegramPath, intercom: intercomPath });
  const heads: readonly (readonly [string, () => BodyHead['path'], () => BodyHead['headers'], number])[] = [
    ['an unknown path of Telegram', () => '/hooks/telegram/an-unknown-path-of-telegram', () => json, 401],
    [
      'a wrong secret of Telegram',
      () => known().telegram,
      () => ({ ...json, 'X-Telegram-Bot-Api-Secret-Token': 'wrong' }),
      401,
    ],
    ['no secret of Telegram', () => known().telegram, () => json, 401],
    ['no signature of Intercom', () => known().intercom, () => json, 401],
    [
      'a malformed signature of Intercom',
      () => known().intercom,
      () => ({ ...json, 'X-Hub-Signature': 'sha1=short' }),
      401,
    ],
    ['an unknown path of Intercom', () => '/hooks/intercom/an-unknown-path-of-intercom', () => plausible, 401],
    ['no signature at the shared address of Intercom', () => '/hooks/intercom', () => json, 401],
    ['no signature of HubSpot', () => '/hooks/hubspot', () => json, 401],
    ['an old signature of HubSpot', () => '/hooks/hubspot', () => hubspot(6 * 60_000), 401],
    ['a signature of HubSpot from the future', () => '/hooks/hubspot', () => hubspot(-6 * 60_000), 401],
    ['no key', () => sendPath, () => json, 401],
    [
      'a media type that is not JSON',
      () => sendPath,
      () => ({ 'X-Octopods-Auth': bot.key, 'Content-Type': 'a/b' }),
      415,
    ],
    [
      'a media type that no inbox sends',
      () => known().intercom,
      () => ({ ...plausible, 'Content-Type': 'text/plain' }),
      415,
    ],
    ['too long a body for the API', () => sendPath, () => ({ ...json, 'X-Octopods-Auth': bot.key }), 413],
    ['too long a body for a sign-in', () => '/api/v1/sessions', () => json, 413],
    [
      'too long a body for a form',
      () => '/connect/hubspot/channel',
      () => ({ 'Content-Type': 'application/x-www-form-urlencoded' }),
      413,
    ],
    ['an unknown address', () => '/nowhere', () => json, 404],
  ];

  it.each(heads)('is answered before a byte of its body is sent: %s', async (_name, path, headers, status) => {
    const begun = begin({ path: path(), headers: headers(), length: MiB });
    await expect.poll(begun.answer).toEqual(refusedWith(status));
  });

  it('is answered before a byte of its body is sent: a length over the limit of a webhook', async () => {
    const begun = begin({ path: intercomPath, headers: plausible, length: MiB + 1 });
    await expect.poll(begun.answer).toEqual(refusedWith(413));
  });
});

describe('bodies in memory', () => {
  const almost = new Uint8Array(MiB - 1);

  it('are limited for each network, while another one is served', async () => {
    const from = (last: number) => ({ ...plausible, 'X-Forwarded-For': `2001:db8:1:1::${last}` });
    const bodies = Array.from({ length: 40 }, (_, index) =>
      begin({ path: '/hooks/intercom', headers: from(index), length: MiB }, almost),
    );
    await expect.poll(() => bodies.filter((one) => !one.isEnded()).length, { timeout: 20_000 }).toBeLessThanOrEqual(4);
    const refused = bodies.map((one) => one.answer()).filter((answer) => answer !== '' && !answer.includes('in time'));
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer).toMatch(/^HTTP\/1\.1 429 .*retry-after: 1\r\n.*"error_code":129/s);
    // With a signature of no known secret: the body was read, and the signature was checked.
    const other = { ...plausible, 'X-Forwarded-For': '2001:db8:1:2::1' };
    const begun = begin({ path: '/hooks/intercom', headers: other, length: 3 }, Buffer.from('{}\n'));
    await expect.poll(begun.answer).toEqual(refusedWith(401));
    expect(await signedCall('2001:db8:1:1::1')).toBe(200);
  }, 60_000);

  it('of many networks make room for one that has less, and take none from proven callers', async () => {
    const bodies = Array.from({ length: 100 }, (_, index) =>
      begin(
        { path: '/hooks/intercom', headers: { ...plausible, 'X-Forwarded-For': `192.0.2.${index}` }, length: MiB },
        almost,
      ),
    );
    await expect.poll(() => refusedOf(bodies).length, { timeout: 40_000 }).toBeGreaterThan(0);
    for (let last = 0; last < 20; last += 1) {
      const headers = { ...plausible, 'X-Forwarded-For': `198.51.100.${last}` };
      const begun = begin({ path: '/hooks/intercom', headers, length: 3 }, Buffer.from('{}\n'));
      await expect.poll(begun.answer).toEqual(refusedWith(401));
      expect(await signedCall(`192.0.2.${last}`)).toBe(200);
    }
    const full = rig.logLines.filter((line) => line.includes('"bodies.refused"')).map((line) => JSON.parse(line));
    expect(full[0]).toMatchObject({ level: 'warn', budget: 'sharedHooks' });
  }, 60_000);

  it('of many networks that have little each do not keep out one that arrives at once', async () => {
    const little = new Uint8Array(240_000);
    const bodies = Array.from({ length: 80 }, (_, index) =>
      begin(
        { path: '/hooks/intercom', headers: { ...plausible, 'X-Forwarded-For': `203.0.113.${index}` }, length: MiB },
        little,
      ),
    );
    // The budget is full when the first one had to make room.
    await expect.poll(() => bodies.some((one) => one.answer() !== '')).toBe(true);
    const headers = { ...plausible, 'X-Forwarded-For': '198.51.100.99' };
    const begun = begin({ path: '/hooks/intercom', headers, length: MiB }, almost);
    begun.finish();
    await expect.poll(begun.answer).toEqual(refusedWith(401));
  });

  it('of callers without proof end five seconds after the head, also where bytes still come', async () => {
    const headers = { ...plausible, 'X-Forwarded-For': '198.51.100.98' };
    const shared = begin({ path: '/hooks/intercom', headers, length: 1_000 }, Buffer.from('{'));
    const signIn = begin({ path: '/api/v1/sessions', headers: json, length: 1_000 }, Buffer.from('{'));
    const bytes = setInterval(() => void [shared, signIn].map((one) => one.isEnded() || one.finish()), 1_000);
    for (const begun of [shared, signIn]) {
      await expect.poll(begun.answer, { timeout: 15_000 }).toMatch(/^HTTP\/1\.1 400 .*in time/s);
      await expect.poll(begun.isEnded).toBe(true);
    }
    clearInterval(bytes);
  });

  it('are released when the request is answered, or when its caller leaves', async () => {
    const headers = { ...plausible, 'X-Forwarded-For': '203.0.113.9' };
    for (let round = 0; round < 12; round += 1) {
      const left = begin({ path: '/hooks/intercom', headers, length: MiB }, almost);
      await left.sent;
      left.close();
      const answered = begin({ path: '/hooks/intercom', headers, length: MiB }, almost);
      answered.finish();
      await expect.poll(answered.answer).toEqual(refusedWith(401));
    }
  }, 60_000);

  it('of one key are limited, while another key is served', async () => {
    const headers = { ...json, 'X-Octopods-Auth': bot.key };
    const part = new Uint8Array(60 * 1024);
    const bodies = Array.from({ length: 200 }, () => begin({ path: sendPath, headers, length: 64 * 1024 }, part));
    await expect.poll(() => refusedOf(bodies).length, { timeout: 40_000 }).toBeGreaterThan(50);
    const other = await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: bot.channelId } });
    expect(other.status).toBe(201);
    const answer = await rig.call(sendPath, { body: {}, headers: { 'x-octopods-auth': other.body.secret } });
    expect(answer.status).toBe(400);
  }, 60_000);
});
