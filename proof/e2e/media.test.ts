import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Customer } from '@chatferry/testkit/rigs/rig';
import { afterAll, describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { filesIn, readsWithFiles, told } from './seen-files.ts';

/** A proxy between the gateway and the inboxes that records all requests. */
interface Wiretap {
  readonly url: string;
  target: string;
  /** Everything that the inboxes received: address, headers and body. */
  heard(): string;
  close(): Promise<void>;
}

async function startWiretap(): Promise<Wiretap> {
  const heard: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      heard.push(`${request.url}\n${JSON.stringify(request.headers)}\n${body.toString('latin1')}`);
      const options = { method: request.method, headers: request.headers };
      const onward = httpRequest(`${tap.target}${request.url}`, options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tap: Wiretap = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    heard: () => heard.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return tap;
}

const tap = await startWiretap();
const rig = await startPublicRig({
  CHATFERRY_INTERCOM_BASE_URL: `${tap.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${tap.url}/hubspot`,
});
tap.target = rig.sandbox.url;
afterAll(() => tap.close());

const begins = (signature: string, size = 2_000): Buffer =>
  Buffer.concat([
    Buffer.from(signature, 'latin1'),
    createHash('sha512').update(`${signature}${size}`).digest(),
    Buffer.alloc(size, 7),
  ]);
const jpeg = begins('\xff\xd8\xff\xe0');
const webp = begins('RIFF\x10\x00\x00\x00WEBP');
const mp4 = begins('\x00\x00\x00\x20ftypisom');
const ogg = begins('OggS');
const mp3 = begins('ID3\x04');
const pdf = begins('%PDF-1.7\n');

/** Opens the desk, and the conversation with a text. */
async function open(kind: (typeof inboxKinds)[number]) {
  const desk = await openDesk(rig, kind);
  const customer = desk.customer();
  rig.sandbox.telegram.text(customer.at, { text: 'Hello' });
  await readsWithFiles(desk, '⁂ (started the bot)', 'Hello');
  return { desk, customer };
}

const started = ['⁂ (started the bot)', 'Hello'] as const;

const tellOfLargeFiles = (desk: Desk, text: string | null) =>
  rig.admin(`/api/v1/channels/${desk.bot.channelId}`, { method: 'PATCH', body: { options: { large_file: text } } });
type Sent = Parameters<typeof rig.sandbox.telegram.file>[1];
const sends = (customer: Customer, file: Sent) => rig.sandbox.telegram.file(customer.at, file);

const answers = (status: number, description: string) =>
  ({
    kind: 'answer-before',
    answer: { status, body: { ok: false, error_code: status, description } },
  }) as const;

const unavailable = 'Bad Request: wrong file_id or the file is temporarily unavailable';

const passingFailures = [
  { what: 'the file is cut short', operation: 'file', effect: { kind: 'truncate-after' } },
  { what: 'the path of the file is gone', operation: 'file', effect: answers(404, 'Not Found') },
  { what: 'the file is not there yet', operation: 'getFile', effect: answers(400, unavailable) },
  { what: 'an internal error', operation: 'getFile', effect: answers(500, 'Internal Server Error') },
] as const;

const kindsOfFile: readonly (readonly [sent: Sent, entry: string])[] = [
  [{ kind: 'photo', bytes: jpeg, caption: 'My cat' }, 'My cat | ⁂ (sent a photo) | photo.jpg image/jpeg'],
  [
    { kind: 'document', bytes: pdf, file_name: 'Rechnung März.pdf', mime_type: 'application/pdf', caption: 'Paid' },
    'Paid | ⁂ (sent a document “Rechnung März.pdf”, 2 KB) | Rechnung März.pdf application/pdf',
  ],
  [{ kind: 'voice', bytes: ogg, mime_type: 'audio/ogg' }, '⁂ (sent a voice message) | voice.ogg audio/ogg'],
  [
    { kind: 'audio', bytes: mp3, mime_type: 'audio/mpeg', performer: 'Ada', title: 'Notes' },
    '⁂ (sent an audio file “Ada - Notes”, 2 KB) | Ada - Notes.mp3 audio/mpeg',
  ],
  [
    { kind: 'video', bytes: mp4, file_name: 'clip.mp4', mime_type: 'video/mp4' },
    '⁂ (sent a video “clip.mp4”, 2 KB) | clip.mp4 video/mp4',
  ],
  [{ kind: 'video_note', bytes: mp4 }, '⁂ (sent a video note) | video-note.mp4 video/mp4'],
  [{ kind: 'animation', bytes: mp4, mime_type: 'video/mp4' }, '⁂ (sent an animation) | animation.mp4 video/mp4'],
  [{ kind: 'sticker', bytes: webp, emoji: '😀' }, '😀 | ⁂ (sent a sticker) | sticker.webp image/webp'],
  [
    { kind: 'sticker', bytes: begins('\x1f\x8b'), motion: 'animated', emoji: '😀', thumbnail: jpeg },
    '😀 | ⁂ (sent a sticker) | sticker.jpg image/jpeg',
  ],
  [
    { kind: 'sticker', bytes: begins('\x1f\x8b'), motion: 'animated', emoji: '😀' },
    '😀 | ⁂ (sent an animated sticker, which has no still image)',
  ],
  [
    { kind: 'document', bytes: Buffer.from('<script>alert(1)</script>'), file_name: 'a.html', mime_type: 'text/html' },
    '⁂ (sent a document “a.html”, 25 bytes) | a.html text/plain',
  ],
];

describe.each(inboxKinds)('a file that a customer sends, in %s', (kind) => {
  it('is shown with its caption, name, type and bytes, for every kind of file', async () => {
    const { desk, customer } = await open(kind);
    for (const [file] of kindsOfFile) sends(customer, file);
    const seen = await readsWithFiles(desk, ...started, ...kindsOfFile.map(([, entry]) => entry));
    const shown = kindsOfFile.flatMap(([file, entry]) =>
      entry.includes('no still') ? [] : [file.motion === undefined ? file.bytes : (file.thumbnail ?? file.bytes)],
    );
    const arrived = seen.flatMap(({ files }) => files.map(({ content }) => content));
    expect(arrived.map((content, at) => content.equals(shown[at] ?? Buffer.alloc(0)))).toEqual(shown.map(() => true));
  });

  it('can open the conversation, with its caption first', async () => {
    const desk = await openDesk(rig, kind);
    const { chat_id } = rig.sandbox.telegram.createChat({ bot_id: desk.bot.botId, started: false });
    const at = { bot_id: desk.bot.botId, chat_id };
    rig.sandbox.telegram.file(at, { kind: 'photo', bytes: jpeg, caption: 'My cat' });
    const words = 'My cat | ⁂ (sent a photo)';
    const photo = 'photo.jpg image/jpeg';
    // Intercom opens no conversation with a file.
    await readsWithFiles(
      desk,
      ...(kind === 'intercom' ? [words, `⁂ (the photo) | ${photo}`] : [`${words} | ${photo}`]),
    );
  });

  it('is one entry together with the other files of its album', async () => {
    const { desk, customer } = await open(kind);
    rig.sandbox.telegram.album(customer.at, {
      files: [
        { kind: 'photo', bytes: jpeg, caption: 'Two cats' },
        { kind: 'photo', bytes: webp },
        { kind: 'video', bytes: mp4 },
      ],
    });
    rig.sandbox.telegram.text(customer.at, { text: 'Nice?' });
    await readsWithFiles(
      desk,
      ...started,
      'Two cats | ⁂ (sent 2 photos, 1 video as an album) | photo-1.jpg image/jpeg | photo-2.webp image/webp | video-3.mp4 video/mp4',
      'Nice?',
    );
  });

  it('keeps its order while a photo is slow', async () => {
    const { desk, customer } = await open(kind);
    const effect = { kind: 'delay-after', delayMs: 400 } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 1, effect });
    sends(customer, { kind: 'photo', bytes: begins('\xff\xd8\xff', 3_000_000) });
    rig.sandbox.telegram.text(customer.at, { text: 'Do you see it?' });
    await readsWithFiles(desk, ...started, '⁂ (sent a photo) | photo.jpg image/jpeg', 'Do you see it?');
  });

  it.each(passingFailures)('follows its words when Telegram fails for a moment: $what', async (failure) => {
    const { desk, customer } = await open(kind);
    const { operation, effect } = failure;
    rig.sandbox.faults.inject({ provider: 'telegram', operation, times: 1, effect });
    sends(customer, { kind: 'photo', bytes: jpeg, caption: 'My cat' });
    const seen = await readsWithFiles(
      desk,
      ...started,
      'My cat | ⁂ (sent a photo) | ⁂ (the photo follows)',
      '⁂ (the photo, sent at some time) | photo.jpg image/jpeg',
    );
    expect(seen.at(-1)?.files[0]?.content.equals(jpeg)).toBe(true);
  });

  it('holds back neither its caption nor what the customer says next while Telegram does not answer', async () => {
    const { desk, customer } = await open(kind);
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 2, effect: { kind: 'hang-before' } });
    sends(customer, { kind: 'photo', bytes: jpeg, caption: 'My cat' });
    rig.sandbox.telegram.text(customer.at, { text: 'Do you see it?' });
    await readsWithFiles(desk, ...started, 'My cat | ⁂ (sent a photo) | ⁂ (the photo follows)', 'Do you see it?');
  });

  it('is replaced by a line after some tries, and follows when a person has it tried again', async () => {
    const { desk, customer } = await open(kind);
    const away = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 6, effect: away });
    sends(customer, { kind: 'photo', bytes: jpeg });
    const missing = [
      ...started,
      '⁂ (sent a photo) | ⁂ (the photo follows)',
      '⁂ (the photo, sent at some time) | ⁂ (the photo could not be fetched from Telegram: the file server answered 503)',
    ];
    await readsWithFiles(desk, ...missing);
    const [letter] = await eventually(async () => {
      const { data } = (await rig.admin(`/api/v1/dead-letters?workspace_id=${desk.bot.workspaceId}`)).body;
      expect(data).toMatchObject([{ kind: 'file', cause: 'the file server answered 503' }]);
      return data;
    });
    await rig.admin(`/api/v1/dead-letters/${letter.id}/replay`, { body: {} });
    await readsWithFiles(desk, ...missing, '⁂ (the photo, sent at some time) | photo.jpg image/jpeg');
  });

  it('is replaced by a line when it is too large or refused, and later messages follow', async () => {
    const { desk, customer } = await open(kind);
    await tellOfLargeFiles(desk, null);
    sends(customer, { kind: 'video', bytes: mp4, file_name: 'film.mp4', size: 34_000_000 });
    const refused = { kind: 'answer-before', answer: { status: 400, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 1, effect: refused });
    sends(customer, { kind: 'photo', bytes: jpeg });
    rig.sandbox.telegram.text(customer.at, { text: 'Well?' });
    await readsWithFiles(
      desk,
      ...started,
      '⁂ (sent a video “film.mp4”, 32 MB) | ⁂ (the video “film.mp4” (32 MB) is too large to be fetched: the limit is 20 MB; ask the customer to send it another way)',
      '⁂ (sent a photo) | ⁂ (the photo could not be fetched from Telegram: the file server answered 400)',
      'Well?',
    );
  });

  it('that is too large is answered once with the limit', async () => {
    const { desk, customer } = await open(kind);
    await tellOfLargeFiles(desk, 'At most {limit}, please');
    rig.sandbox.telegram.album(customer.at, {
      files: [
        { kind: 'video', bytes: mp4, size: 34_000_000 },
        { kind: 'video', bytes: mp4, size: 35_000_000 },
      ],
    });
    await eventually(() => {
      expect(rig.sandbox.telegram.sent(customer.at).map(({ text }) => text)).toEqual(['At most 20 MB, please']);
      const lines = desk.conversations().flatMap(({ entries }) => entries.map(({ text }) => text));
      expect(lines.some((line) => line.includes('automatic answer to a file that is too large'))).toBe(true);
    });
  });

  it('is replaced by a line when the inbox refuses it, and later messages follow', async () => {
    const { desk, customer } = await open(kind);
    const refused = kind === 'intercom' ? 'POST /conversations/{id}/reply' : 'POST /files/{version}/files';
    const answer = { status: 413, body: {} };
    rig.sandbox.faults.inject({
      provider: kind,
      operation: refused,
      times: 1,
      effect: { kind: 'answer-before', answer },
    });
    sends(customer, { kind: 'photo', bytes: jpeg, caption: 'My cat' });
    rig.sandbox.telegram.text(customer.at, { text: 'Cute?' });
    const seen = await eventually(async () => {
      const entries = told(await filesIn(desk));
      expect(entries).toHaveLength(4);
      return entries;
    });
    expect(seen[2]).toMatch(/^My cat \| ⁂ \(sent a photo\) \| ⁂ \(the inbox did not take the photo: .*413/);
    expect(seen[3]).toBe('Cute?');
  });

  it('is shown once when the answer of the inbox is lost', async () => {
    const { desk, customer } = await open(kind);
    desk.breakInbox({ kind: 'reset-after' });
    sends(customer, { kind: 'photo', bytes: jpeg, caption: 'Once' });
    rig.sandbox.telegram.text(customer.at, { text: 'Twice?' });
    await readsWithFiles(desk, ...started, 'Once | ⁂ (sent a photo) | photo.jpg image/jpeg', 'Twice?');
  });

  it('is not needed for other kinds of message, which are shown in words', async () => {
    const { desk, customer } = await open(kind);
    const says = (message: object) =>
      rig.sandbox.telegram.sendUpdate(customer.at, {
        update: {
          message: {
            message_id: 900 + Math.floor(performance.now() * 1_000),
            date: 1_700_000_000,
            from: { id: customer.at.chat_id, is_bot: false, first_name: 'Grace' },
            chat: { id: customer.at.chat_id, type: 'private', first_name: 'Grace' },
            ...message,
          },
        },
      });
    says({ dice: { emoji: '🎯', value: 6 } });
    says({ poll: { question: 'Tea?', options: [{ text: 'Yes' }] } });
    says({ venue: { location: { latitude: 1, longitude: 2 }, title: 'Museum', address: 'Island 1' } });
    says({ text: 'Look', forward_origin: { type: 'hidden_user', sender_user_name: 'Ada', date: 1 } });
    says({ web_app_data: { data: '{"a":1}', button_text: 'Form' } });
    says({ users_shared: { request_id: 1, users: [{ user_id: 42, first_name: 'Bo' }] } });
    says({ chat_shared: { request_id: 1, chat_id: -100, title: 'Orders' } });
    says({ hologram: {} });
    const wanted = [
      '🎯 6 | ⁂ (threw a dice)',
      'Tea? | – Yes | ⁂ (sent a poll)',
      'Museum | Island 1 |',
      '⁂ (forwarded from “Ada”) | Look',
      '{"a":1} | ⁂ (sent by the web app behind “Form”)',
      'Bo (42) | ⁂ (chose a person)',
      'Orders (-100) | ⁂ (chose a chat)',
      '⁂ (unsupported message (hologram))',
    ];
    await eventually(async () => {
      const lines = desk.conversations().flatMap(({ entries }) =>
        entries.map(({ text }) =>
          text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .join(' | '),
        ),
      );
      expect(lines.slice(2).map((line, at) => line.slice(0, wanted[at]?.length))).toEqual(wanted);
    });
  });

  it('brings no address of Telegram into the inbox, the database or the log', async () => {
    const { desk, customer } = await open(kind);
    sends(customer, { kind: 'photo', bytes: jpeg });
    await readsWithFiles(desk, ...started, '⁂ (sent a photo) | photo.jpg image/jpeg');
    const secret = desk.bot.token.split(':')[1] ?? 'no token';
    const { rows: tables } = await rig.database.pool.query<{ name: string }>(
      `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(5);
    const stored: string[] = [];
    for (const { name } of tables) {
      const { rows } = await rig.database.pool.query<{ line: string }>(`select t::text as line from ${name} t`);
      stored.push(...rows.map(({ line }) => line));
    }
    const { rows: bodies } = await rig.database.pool.query<{ body: Buffer }>('select body from updates');
    stored.push(...bodies.map(({ body }) => body.toString('latin1')));
    for (const written of [tap.heard(), stored.join('\n'), rig.logLines.join('\n')]) {
      expect(written.length).toBeGreaterThan(100);
      expect(/bot\d+(:|%3A)/i.exec(written)).toBeNull();
      expect(written.includes(secret)).toBe(false);
    }
  });
});
