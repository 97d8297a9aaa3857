import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { aSend, type ConnectedBot, connectBot, send, startRig } from '@chatferry/testkit/rigs/rig';
import { selfSigned } from '@chatferry/testkit/samples/self-signed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const backend = await startWebhookBackend();
/** Answers with whatever a test says, byte by byte. */
let answerRaw: (socket: Socket) => void = (socket) => void socket.destroy();
const sockets = new Set<Socket>();
const raw = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.once('data', () => answerRaw(socket));
});
await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
const rawUrl = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;

/** A server whose certificate no authority has signed. */
const tls = createTlsServer(selfSigned);
await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
const tlsUrl = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
afterAll(async () => {
  raw.close();
  tls.close();
  await backend.close();
});

const allowed = [backend.url, rawUrl, tlsUrl].join(',');
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: allowed });
const path = '/api/v1/webhook-endpoints';
let bot: ConnectedBot;
let other: ConnectedBot;
beforeAll(async () => {
  bot = await connectBot(rig, { accepts_any_chat: true });
  other = await connectBot(rig, { accepts_any_chat: true });
});

const create = (fields: Readonly<Record<string, unknown>>) =>
  rig.admin(path, { body: { workspace_id: bot.workspaceId, url: `${backend.url}/hook`, ...fields } });

async function keyOf({ workspaceId }: ConnectedBot, scopes: readonly string[] = ['manage']): Promise<string> {
  const { body } = await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: workspaceId, scopes } });
  return body.secret;
}

const withKey = (key: string, address: string, options: Parameters<typeof rig.call>[1] = {}) =>
  rig.call(address, { ...options, headers: { authorization: `Bearer ${key}` } });

describe('a new webhook endpoint', () => {
  it('has a secret of the standard form, which is shown once', async () => {
    const made = await create({ description: ' Orders ', types: ['button.tapped'], channel_ids: [bot.channelId] });
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret: _, ...shown } = made.body;
    expect(shown).toMatchObject({
      workspace_id: bot.workspaceId,
      description: 'Orders',
      types: ['button.tapped'],
      channel_ids: [bot.channelId],
      enabled: true,
      waiting: 0,
      failing_since: null,
    });
    expect((await rig.admin(`${path}/${made.body.id}`)).body).toEqual(shown);
    const listed = await rig.admin(`${path}?workspace_id=${bot.workspaceId}`);
    expect(listed.body.data).toContainEqual(shown);
  });

  it('is made once for one Idempotency-Key, and the repetition says how to get a secret', async () => {
    const options = {
      headers: { 'idempotency-key': 'endpoint-1' },
      body: { workspace_id: bot.workspaceId, url: `${backend.url}/once` },
    };
    const made = await rig.admin(path, options);
    const again = await rig.admin(path, options);
    expect([made.status, again.status]).toEqual([201, 409]);
    expect(again.body.error).toContain(`${path}/${made.body.id}/rotate-secret`);
  });

  it('belongs to the only workspace of its key, and a caller with several must name one', async () => {
    const key = await keyOf(bot);
    const made = await withKey(key, path, { body: { url: `${backend.url}/mine` } });
    expect([made.status, made.body.workspace_id]).toEqual([201, bot.workspaceId]);
    const unnamed = await rig.admin(path, { body: { url: `${backend.url}/mine` } });
    expect([unnamed.status, unnamed.body.error_code, unnamed.body.details[0].pointer]).toEqual([
      400,
      1,
      '/workspace_id',
    ]);
  });

  it.each([
    ['no web address', 'ftp://backend.example.com/hook', /begins with https/],
    ['a user name', 'https://me:secret@backend.example.com/hook', /no user name/],
    ['a fragment', 'https://backend.example.com/hook#part', /no fragment/],
    ['no TLS', 'http://backend.example.com/hook', /does not begin with https/],
    ['a loopback address', 'https://127.0.0.1/hook', /leads into a private network/],
    ['a private address in another notation', 'https://0x0a000001/hook', /leads into a private network/],
    ['a private address of IPv6', 'https://[fd00::1]/hook', /leads into a private network/],
    ['a name of this machine', 'https://localhost/hook', /leads into a private network/],
    ['a server that the settings name for another purpose', `${rig.sandbox.url}/telegram`, /does not begin with https/],
  ])('is refused with %s', async (_, url, message) => {
    const refused = await create({ url });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/url']);
    expect(refused.body.error).toMatch(message);
  });

  it('is refused with a channel of another workspace, and with a type that does not exist', async () => {
    const foreign = await create({ channel_ids: [bot.channelId, other.channelId] });
    expect([foreign.status, foreign.body.details[0].pointer]).toEqual([400, '/channel_ids/1']);
    expect((await create({ types: ['message.exploded'] })).status).toBe(400);
  });

  it('is limited in number, because each one costs a request for every event', async () => {
    const { workspaceId } = await connectBot(rig);
    await rig.database.pool.query(
      `insert into webhook_endpoints (id, workspace_id, url, description, secret, enabled)
       select 'whe_many' || i, $1, 'https://backend.example.com', '', '', true from generate_series(1, 100) i`,
      [workspaceId],
    );
    const refused = await create({ workspace_id: workspaceId });
    expect([refused.status, refused.body.error]).toEqual([400, expect.stringContaining('maximum')]);
    await rig.database.pool.query('delete from webhook_endpoints where workspace_id = $1', [workspaceId]);
  });
});

describe('a webhook endpoint of another workspace', () => {
  it('does not exist for a key, whatever it asks, and none of its events can be had', async () => {
    const key = await keyOf(bot);
    const theirs = (await create({ workspace_id: other.workspaceId, url: `${backend.url}/theirs` })).body;
    const address = `${path}/${theirs.id}`;
    const answers = await Promise.all([
      withKey(key, address),
      withKey(key, address, { method: 'PATCH', body: { url: `${backend.url}/stolen` } }),
      withKey(key, address, { method: 'DELETE' }),
      withKey(key, `${address}/rotate-secret`, { body: {} }),
      withKey(key, `${address}/deliveries`),
      withKey(key, `${address}/replay`, { body: { since: '2020-01-01T00:00:00Z' } }),
      withKey(key, `${address}/test`, { method: 'POST' }),
    ]);
    expect(answers.map(({ status, body }) => [status, body?.error_code])).toEqual(answers.map(() => [404, 104]));
    const listed = await withKey(key, path);
    expect(
      listed.body.data.every(({ workspace_id }: { workspace_id: string }) => workspace_id === bot.workspaceId),
    ).toBe(true);
    expect((await withKey(key, path, { body: { url: backend.url, workspace_id: other.workspaceId } })).status).toBe(
      404,
    );

    expect((await send(rig, other, aSend('901'))).status).toBe(201);
    const [call] = (await backend.until((all) => all.some((one) => one.path === '/theirs'))).filter(
      (one) => one.path === '/theirs',
    );
    const mine = (await withKey(key, path, { body: { url: `${backend.url}/curious` } })).body;
    const replay = { body: { event_ids: [call?.event.id] } };
    expect((await withKey(key, `${path}/${mine.id}/replay`, replay)).body).toEqual({
      queued: 0,
      not_found: [call?.event.id],
    });
    expect(backend.calls.filter((one) => one.path === '/curious' || one.path === '/stolen')).toEqual([]);
  });

  it('cannot be managed with a key that only sends and reads', async () => {
    const key = await keyOf(bot, ['send', 'read']);
    expect((await withKey(key, path)).body.error_code).toBe(102);
    expect((await withKey(key, path, { body: { url: backend.url } })).body.error_code).toBe(102);
  });
});

describe('a test event', () => {
  it('is signed, and shows what the endpoint answers', async () => {
    const { body: made } = await create({ url: `${backend.url}/test`, enabled: false });
    backend.answer((_, response) => void response.writeHead(202, { 'x-who': 'backend' }).end('thanks'));
    const { status, body } = await rig.admin(`${path}/${made.id}/test`, { method: 'POST' });
    backend.answer(204);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      delivered: true,
      error: null,
      request: { headers: { 'webhook-signature': expect.stringMatching(/^v1,/) } },
      response: { status: 202, headers: { 'x-who': 'backend' }, body: 'thanks' },
    });
    expect(backend.calls.at(-1)?.event).toMatchObject({ type: 'webhook.test', data: { endpoint_id: made.id } });
  });
});

describe('a hostile endpoint', () => {
  const attempt = async (url: string, answer?: (socket: Socket) => void) => {
    if (answer) answerRaw = answer;
    const { body: made } = await create({ url, enabled: false });
    return (await rig.admin(`${path}/${made.id}/test`, { method: 'POST' })).body;
  };

  it('with an endless answer is read up to 4 KB, and what it says with its status counts', async () => {
    const body = await attempt(rawUrl, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', more);
      more();
    });
    expect(body).toMatchObject({ delivered: true, response: { status: 200, body: 'x'.repeat(4096) } });
  });

  it('with endless headers is not read to their end', async () => {
    const body = await attempt(rawUrl, (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${'x-filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'.repeat(20_000)}`);
    });
    expect(body).toMatchObject({
      delivered: false,
      response: null,
      error: expect.stringContaining('HEADERS_OVERFLOW'),
    });
  });

  it.each([
    ['that redirects into a private network', 302],
    ['that redirects with the body', 307],
  ])('%s is not followed', async (_, status) => {
    const before = backend.calls.length;
    const body = await attempt(rawUrl, (socket) => {
      socket.end(`HTTP/1.1 ${status} Elsewhere\r\nlocation: ${backend.url}/private\r\ncontent-length: 0\r\n\r\n`);
    });
    expect(body).toMatchObject({ delivered: false, response: { status } });
    expect(body.error).toBe(`the endpoint answered ${status}: redirects are not followed`);
    expect(backend.calls.length).toBe(before);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['closes early', (socket) => socket.end(), /closed the connection/],
    [
      'closes in the middle of its answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      /cut short/,
    ],
    ['resets the connection', (socket) => socket.resetAndDestroy(), /reset/],
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), /not HTTP/],
  ])('that %s has not accepted the event', async (_, answer, error) => {
    expect(await attempt(rawUrl, answer)).toMatchObject({ delivered: false, error: expect.stringMatching(error) });
  });

  it('with a certificate of its own making gets nothing', async () => {
    expect(await attempt(tlsUrl)).toMatchObject({
      delivered: false,
      response: null,
      error: expect.stringContaining('self-signed'),
    });
  });

  it('whose address leads into a private network since it was made gets nothing', async () => {
    const { body: made } = await create({ url: `${backend.url}/moved`, enabled: false });
    await rig.database.pool.query(`update webhook_endpoints set url = $2 where id = $1`, [
      made.id,
      `${rig.sandbox.url}/telegram`,
    ]);
    const { body } = await rig.admin(`${path}/${made.id}/test`, { method: 'POST' });
    expect(body).toMatchObject({
      delivered: false,
      error: expect.stringContaining('CHATFERRY_ALLOWED_PRIVATE_ORIGINS'),
    });
  });

  it('that hangs delays neither another endpoint nor a send', async () => {
    answerRaw = () => undefined;
    const types = ['message.sent'];
    const own = await connectBot(rig, { accepts_any_chat: true });
    const hanging = (await create({ workspace_id: own.workspaceId, url: `${rawUrl}/hangs`, types })).body;
    await create({ workspace_id: own.workspaceId, url: `${backend.url}/quick`, types });
    const chats = Array.from({ length: 50 }, (_, index) => `${95_000 + index}`);
    const sent = await Promise.all(chats.map((chat) => send(rig, own, aSend(chat))));
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([201]));
    await backend.until((all) => all.filter((call) => call.path === '/quick').length === 50);
    // Its first attempts still have no answer.
    const { body } = await rig.admin(`${path}/${hanging.id}`);
    expect(body).toMatchObject({ failing_since: null, waiting: 50 });
    await rig.admin(`${path}/${hanging.id}`, { method: 'DELETE' });
    answerRaw = (socket) => void socket.destroy();
    for (const socket of sockets) socket.destroy();
  });
});
