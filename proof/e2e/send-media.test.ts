import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { tooManyRequests } from '@chatferry/testkit/rigs/too-many-requests';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { startFileServer } from './file-server.ts';

const { origin, addressOf } = await startFileServer();
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: origin });
const { telegram } = rig.sandbox;
const bot = await connectBot(rig);
const headers = { 'x-octopods-auth': bot.key };
const post = (body: unknown, more: Readonly<Record<string, string>> = {}) =>
  rig.call('/api/v1/messages', { body, headers: { ...headers, ...more } });
const sends = () => telegram.calls({ bot_id: bot.botId }).filter(({ method }) => method.startsWith('send'));

/** A PNG of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const leftFiles = async (): Promise<number> => (await rig.database.pool.query('select 1 from files')).rowCount ?? 0;

describe('a file of a message', () => {
  it('is fetched from its address by the gateway, and uploaded with its caption', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    const media = { kind: 'photo', url: addressOf(png, 'receipt.png'), file_name: 'Receipt.png' };
    const { status, body } = await post({ to: chatId, media, text: '<b>Your</b> receipt', format: 'html' });
    expect([status, body.details]).toEqual([201, undefined]);
    const call = sends().at(-1);
    expect(call?.method).toBe('sendPhoto');
    expect(call?.parameters).toEqual({
      chat_id: chatId,
      caption: 'Your receipt',
      caption_entities: JSON.stringify([{ type: 'bold', offset: 0, length: 4 }]),
    });
    const sent = telegram.sent(at).at(-1);
    expect(telegram.fileContent({ bot_id: bot.botId, file_id: sent?.file?.file_id ?? '' })).toEqual(png);
    expect(body).toMatchObject({
      kind: 'photo',
      text: 'Your receipt',
      files: [{ kind: 'photo', file_name: 'Receipt.png', media_type: 'image/png', size_bytes: png.length, url: null }],
    });
  });

  it.each([
    ['document', 'sendDocument'],
    ['video', 'sendVideo'],
    ['animation', 'sendAnimation'],
    ['audio', 'sendAudio'],
    ['voice', 'sendVoice'],
    ['sticker', 'sendSticker'],
  ])('that is a %s goes with %s, also by the id that Telegram gave', async (kind, method) => {
    const { chatId, at } = newCustomer(rig, bot);
    const first = await post({ to: chatId, media: { kind, url: addressOf(Buffer.from('content'), 'a.bin') } });
    expect([first.status, sends().at(-1)?.method]).toEqual([201, method]);
    const fileId = telegram.sent(at).at(-1)?.file?.file_id ?? '';
    const again = await post({ to: chatId, media: { kind, file_id: fileId } });
    expect([again.status, again.body.kind]).toEqual([201, kind]);
    expect(sends().at(-1)?.parameters).toEqual({ chat_id: Number(chatId), [kind]: fileId });
  });

  it('is sent again from the store after an answer that proves that nothing was sent', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendPhoto',
      times: 1,
      effect: tooManyRequests(1),
    });
    const { status, body } = await post({ to: chatId, media: { kind: 'photo', url: addressOf(png, 'a.png') } });
    expect([status, body.attempts?.map(({ outcome }: { readonly outcome: string }) => outcome)]).toEqual([
      201,
      ['deferred', 'delivered'],
    ]);
    expect(telegram.sent(at)).toHaveLength(1);
  });
});

describe('a file of a scheduled message', () => {
  it('is there when the message is due, and is kept until a day after', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    const { id } = (await (await upload(new Uint8Array(png))).json()) as { id: string };
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    await post({ to: chatId, media: { kind: 'photo', file: id }, send_at: inDays(10) });
    const { rows } = await rig.database.pool.query('select expires_at from files where id = $1', [id]);
    expect(rows[0].expires_at.getTime()).toBeGreaterThan(Date.now() + 10.9 * 86_400_000);
    const soon = new Date(Date.now() + 1_500).toISOString();
    const { body } = await post({ to: chatId, media: { kind: 'photo', file: id }, send_at: soon });
    expect(body.state).toBe('scheduled');
    await eventually(() => {
      if (telegram.sent(at).length === 0) throw new Error('it is not sent yet');
    });
    expect(sends().at(-1)?.files['photo']).toMatchObject({ size: png.length });
  });
});

describe('an album', () => {
  it('is one message with an id for each file, and its caption at the first', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    const media = [
      { kind: 'photo', url: addressOf(png, 'a.png') },
      { kind: 'video', url: addressOf(Buffer.from('video'), 'b.mp4') },
    ];
    const { status, body } = await post({ to: chatId, media, text: 'Look', silent: true });
    expect([status, body.details]).toEqual([201, undefined]);
    const sent = telegram.sent(at);
    expect(sent.map(({ caption, method }) => [method, caption])).toEqual([
      ['sendMediaGroup', 'Look'],
      ['sendMediaGroup', undefined],
    ]);
    expect(body).toMatchObject({
      kind: 'album',
      channel_message_id: `tg-${sent[0]?.message_id}`,
      channel_message_ids: sent.map(({ message_id }) => `tg-${message_id}`),
      files: [{ kind: 'photo' }, { kind: 'video' }],
    });
    const shown = await rig.call(`/api/v1/messages/${body.id}`, { headers });
    expect(shown.body.channel_message_ids).toEqual(body.channel_message_ids);
  });

  it.each([
    ['a document with a photo', ['photo', 'document'], ['/media/1/kind']],
    ['audio with a document', ['audio', 'document'], ['/media/1/kind']],
    ['an animation', ['animation', 'photo'], ['/media/0/kind']],
    ['a voice message and a sticker', ['voice', 'sticker'], ['/media/0/kind', '/media/1/kind']],
    ['one file', ['photo'], ['/media']],
    ['eleven files', Array.from({ length: 11 }, () => 'photo'), ['/media']],
  ])('of %s is refused with its places before anything is fetched or sent', async (_what, kinds, pointers) => {
    const before = sends().length;
    const media = kinds.map((kind) => ({ kind, file_id: 'AgACx' }));
    const { status, body } = await post({ to: '1', media });
    expect(status).toBe(400);
    expect(body.details.map(({ pointer }: { readonly pointer: string }) => pointer)).toEqual(pointers);
    expect(sends()).toHaveLength(before);
  });

  it('has no buttons: refused', async () => {
    const media = [
      { kind: 'photo', file_id: 'AgACx' },
      { kind: 'photo', file_id: 'AgACy' },
    ];
    const { status, body } = await post({ to: '1', media, buttons: [[{ text: 'a', data: 'b' }]] });
    expect([status, body.details[0].pointer]).toEqual([400, '/buttons']);
  });
});

const upload = (body: NonNullable<RequestInit['body']>, more: Readonly<Record<string, string>> = {}, query = '') =>
  fetch(`${rig.url}/api/v1/files${query}`, { method: 'POST', headers: { ...headers, ...more }, body });
const formOf = (...files: readonly (readonly [content: string | Buffer, name: string])[]): FormData => {
  const form = new FormData();
  for (const [content, name] of files) form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
  return form;
};

describe('an upload', () => {
  it.each([
    ['as the body', () => upload(new Uint8Array(png), { 'content-type': 'image/png' }, '?file_name=pic.png')],
    ['in a form', () => upload(formOf([png, 'pic.png']))],
  ])('%s is kept for a day, and sent as often as it is named', async (_way, make) => {
    const answer = await make();
    const file = (await answer.json()) as { id: string; expires_at: string };
    expect([answer.status, file]).toMatchObject([
      201,
      { id: expect.stringMatching(/^fil_/), file_name: 'pic.png', media_type: 'image/png', size_bytes: png.length },
    ]);
    expect(Date.parse(file.expires_at) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    for (const chatId of [newCustomer(rig, bot).chatId, newCustomer(rig, bot).chatId]) {
      const media = { kind: 'photo', file: file.id };
      expect((await post({ to: chatId, media })).status).toBe(201);
    }
    expect(sends().at(-1)?.files['photo']).toMatchObject({ file_name: 'pic.png', size: png.length });
  });

  it('larger than a piece arrives unchanged', async () => {
    const content = Buffer.alloc(2_500_000, 'chatferry ');
    const { id } = (await (await upload(new Uint8Array(content))).json()) as { id: string };
    const { chatId, at } = newCustomer(rig, bot);
    expect((await post({ to: chatId, media: { kind: 'document', file: id } })).status).toBe(201);
    const fileId = telegram.sent(at).at(-1)?.file?.file_id ?? '';
    expect(telegram.fileContent({ bot_id: bot.botId, file_id: fileId }).equals(content)).toBe(true);
  });

  it.each([
    ['of nothing', () => upload(new Uint8Array(0)), 400],
    ['of a form without a file', () => upload(new FormData()), 400],
    ['of a form with two files', () => upload(formOf(['a', 'a.txt'], ['b', 'b.txt'])), 400],
    ['of a form that is none', () => upload('x', { 'content-type': 'multipart/form-data' }), 400],
    ['of more than 50 MB', () => upload(new Uint8Array(50 * 1024 * 1024 + 1)), 413],
    ['without a key', () => upload('x', { 'x-octopods-auth': 'cf_live_none' }), 401],
  ])('%s is refused and leaves nothing behind', async (_what, make, status) => {
    const left = await leftFiles();
    expect((await make()).status).toBe(status);
    expect(await leftFiles()).toBe(left);
  });

  it('of a tenant with many keys leaves room for those of others', async () => {
    const other = await connectBot(rig);
    const body = { kind: 'workspace', workspace_id: bot.workspaceId, scopes: ['send'] };
    const keyOf = async (): Promise<string> => (await rig.admin('/api/v1/keys', { body })).body.secret;
    const keys = await Promise.all([keyOf(), keyOf(), keyOf()]);
    const { hostname, port } = new URL(rig.url);
    const begin = (key: string) => {
      const begun = request({
        hostname,
        port,
        method: 'POST',
        path: '/api/v1/files',
        headers: { 'x-octopods-auth': key, 'content-length': '10' },
      });
      begun.on('error', () => undefined).write('a');
      return begun;
    };
    const left = await leftFiles();
    const slow = keys.flatMap((key) => [begin(key), begin(key), begin(key), begin(key)]);
    await eventually(async () => expect(await leftFiles()).toBe(left + slow.length));
    const statusOf = async (key: string) => (await upload('x', { 'x-octopods-auth': key })).status;
    expect([await statusOf(bot.key), await statusOf(other.key)]).toEqual([429, 201]);
    for (const one of slow) one.destroy();
    await eventually(async () => expect(await leftFiles()).toBe(left + 1));
    expect(await statusOf(bot.key)).toBe(201);
  });

  it('that breaks off leaves nothing behind', async () => {
    const left = await leftFiles();
    const { hostname, port } = new URL(rig.url);
    const chunks = async () => (await rig.database.pool.query('select 1 from file_chunks')).rowCount ?? 0;
    const before = await chunks();
    const call = request({
      hostname,
      port,
      method: 'POST',
      path: '/api/v1/files',
      headers: { ...headers, 'content-length': '3000000' },
    });
    call.on('error', () => undefined);
    call.write(Buffer.alloc(1_500_000));
    await eventually(async () => {
      if ((await chunks()) === before) throw new Error('no piece is stored yet');
    });
    call.destroy();
    await eventually(async () => {
      if ((await leftFiles()) !== left || (await chunks()) !== before) throw new Error('pieces are left');
    });
  });
});

describe('a file that cannot be sent', () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' });
    if (request.url === '/cut') response.write(png.subarray(0, 10), () => response.destroy());
    else response.end(png);
  });
  const opened = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  afterAll(() => server.close());

  it('because it is in a private network is refused, and nothing is sent or left', async () => {
    const [before, left] = [sends().length, await leftFiles()];
    const { status, body } = await post({
      to: newCustomer(rig, bot).chatId,
      media: { kind: 'photo', url: await opened },
    });
    expect([status, body.details]).toEqual([
      400,
      [{ pointer: '/media/url', message: expect.stringContaining('lead to a public address') }],
    ]);
    expect([sends().length, await leftFiles()]).toEqual([before, left]);
  });

  it('because it is on a server that the settings name for another purpose is refused, and the server is not asked', async () => {
    const { at, chatId } = newCustomer(rig, bot);
    const { file_id } = telegram.file(at, { kind: 'document', bytes: png, file_name: 'a.png' });
    const url = `${rig.sandbox.url}/telegram/bot${bot.token}/getMe?${file_id}`;
    const before = telegram.calls({ bot_id: bot.botId }).length;
    const { status, body } = await post({ to: chatId, media: { kind: 'document', url } });
    expect([status, body.error]).toEqual([400, expect.stringContaining('lead to a public address')]);
    expect(telegram.calls({ bot_id: bot.botId })).toHaveLength(before);
  });

  it('because each of an album has a problem of its own gets all problems at once', async () => {
    const media = [
      { kind: 'photo', url: addressOf(Buffer.from('no image'), 'a.png') },
      { kind: 'photo', url: `${rig.sandbox.url}/control/telegram/bots/${bot.botId}/files/none` },
      { kind: 'photo', file: 'fil_nosuchfile' },
    ];
    const before = sends().length;
    const { status, body } = await post({ to: newCustomer(rig, bot).chatId, media });
    expect([status, body.details.map(({ pointer }: { readonly pointer: string }) => pointer)]).toEqual([
      400,
      ['/media/0/url', '/media/1/url', '/media/2/file'],
    ]);
    expect(sends()).toHaveLength(before);
  });

  it('releases its Idempotency-Key, so that the corrected request is sent', async () => {
    const { chatId } = newCustomer(rig, bot);
    const key = { 'idempotency-key': 'file-1' };
    expect((await post({ to: chatId, media: { kind: 'photo', file: 'fil_nosuchfile' } }, key)).status).toBe(400);
    expect((await post({ to: chatId, media: { kind: 'photo', url: addressOf(png, 'a.png') } }, key)).status).toBe(201);
  });
});
