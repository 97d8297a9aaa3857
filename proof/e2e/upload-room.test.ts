import { request } from 'node:http';
import { connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { startFileServer } from './file-server.ts';

const megabyte = 1024 * 1024;
const { origin, addressOf } = await startFileServer();
const rig = await startRig({ CHATFERRY_UPLOADS_MAX_MB: '2', CHATFERRY_ALLOWED_PRIVATE_ORIGINS: origin });
const path = '/api/v1/files';
const upload = (key: string, bytes: number) =>
  rig.call(path, { raw: new Uint8Array(bytes).fill(7), headers: { 'x-octopods-auth': key } });

interface Open {
  readonly answer: Promise<{ readonly status: number; readonly body: { readonly error_name?: string } }>;
  readonly write: (bytes: number) => void;
  readonly end: (bytes: number) => void;
  readonly leave: () => void;
}

/** An upload whose head is sent, and whose body comes when the test says so. */
function begin(key: string, headers: Readonly<Record<string, string>>): Open {
  const { hostname, port } = new URL(rig.url);
  const call = request({
    agent: false,
    hostname,
    port,
    method: 'POST',
    path,
    headers: { 'x-octopods-auth': key, ...headers },
  });
  const answer = new Promise<Awaited<Open['answer']>>((resolve, reject) => {
    call.on('error', reject);
    call.once('response', async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece as Buffer);
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(pieces).toString()) });
    });
  });
  answer.catch(() => undefined);
  call.flushHeaders();
  return {
    answer,
    write: (bytes) => void call.write(Buffer.alloc(bytes, 7)),
    end: (bytes) => void call.end(Buffer.alloc(bytes, 7)),
    leave: () => call.destroy(),
  };
}

const storedBytes = async (): Promise<number> => {
  const { rows } = await rig.database.pool.query<{ bytes: string }>(
    'select coalesce(sum(octet_length(content)), 0)::text as bytes from file_chunks',
  );
  return Number(rows[0]?.bytes);
};

describe('the room for the uploads of a workspace', () => {
  it('refuses a file by its announced length before a byte of it came, and says what to do', async () => {
    const { key } = await connectBot(rig);
    const before = await storedBytes();
    const sending = begin(key, { 'content-length': String(3 * megabyte) });
    const { status, body } = await sending.answer;
    sending.leave();
    expect([status, body]).toEqual([
      413,
      expect.objectContaining({
        error_code: 114,
        error_name: 'UPLOADS_FULL',
        error: expect.stringMatching(/exceed 2 MB together with this one.*media\.url/),
        doc_url: expect.stringMatching(/UPLOADS_FULL$/),
      }),
    ]);
    expect(await storedBytes()).toBe(before);
    expect((await upload(key, megabyte)).status).toBe(201);
  });

  it('refuses a file without an announced length as soon as it is full, and keeps nothing of it', async () => {
    const { key } = await connectBot(rig);
    expect((await upload(key, megabyte)).status).toBe(201);
    const before = await storedBytes();
    const sending = begin(key, { 'transfer-encoding': 'chunked' });
    sending.write(1.5 * megabyte);
    const { status, body } = await sending.answer;
    sending.leave();
    expect([status, body.error_name]).toEqual([413, 'UPLOADS_FULL']);
    expect(await storedBytes()).toBe(before);
    expect((await upload(key, 0.5 * megabyte)).status).toBe(201);
  });

  it('is not exceeded by uploads that arrive at the same time', async () => {
    const { key } = await connectBot(rig);
    const before = await storedBytes();
    const length = Math.floor(0.9 * megabyte);
    const open = Array.from({ length: 4 }, () => begin(key, { 'content-length': String(length) }));
    const refused = await new Promise<number>((resolve) => {
      let count = 0;
      for (const { answer } of open) void answer.then(() => (++count === 2 ? resolve(count) : undefined));
    });
    expect(refused).toBe(2);
    for (const { end } of open) end(length);
    const answers = await Promise.all(open.map(({ answer }) => answer));
    for (const { leave } of open) leave();
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(2);
    expect((await storedBytes()) - before).toBeLessThanOrEqual(2 * megabyte);
  });

  it('is one of each workspace, and is free again when files expire', async () => {
    const [first, second] = [await connectBot(rig), await connectBot(rig)];
    const full = await upload(first.key, 2 * megabyte);
    expect(full.status).toBe(201);
    const refused = await upload(first.key, 1);
    expect(refused.body.error).toContain(`deleted at ${full.body.expires_at}`);
    expect((await upload(second.key, megabyte)).status).toBe(201);
    await rig.database.pool.query("update files set expires_at = now() - interval '1 second' where id = $1", [
      full.body.id,
    ]);
    expect((await upload(first.key, 1)).status).toBe(201);
  });

  it('counts small files too, and not those that are fetched for a message', async () => {
    const bot = await connectBot(rig);
    expect((await upload(bot.key, 2 * megabyte - 2 * 16 * 1024)).status).toBe(201);
    const url = addressOf(Buffer.alloc(megabyte, 7), 'a.bin');
    const sent = await rig.call('/api/v1/messages', {
      body: { to: newCustomer(rig, bot).chatId, media: { kind: 'document', url } },
      headers: { 'x-octopods-auth': bot.key },
    });
    expect(sent.status).toBe(201);
    const statuses = [await upload(bot.key, 1), await upload(bot.key, 1), await upload(bot.key, 1)];
    expect(statuses.map(({ status }) => status)).toEqual([201, 201, 413]);
  });
});
