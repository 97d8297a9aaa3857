import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { startFileServer } from './file-server.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { filesIn, readsWithFiles, told } from './seen-files.ts';

const { origin, addressOf } = await startFileServer();
const rig = await startPublicRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: origin });
const started = 'customer: ⁂ (started the bot)';

/** A PNG of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** A file at a server that the gateway may call. */
const sentByAddress = (bytes: Buffer, file_name: string) => ({ url: addressOf(bytes, file_name), file_name });
const pdf = Buffer.from('%PDF-1.7 one page');

describe.each(inboxKinds)('what a backend sent, in %s', (kind) => {
  const arrange = async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const post = async (body: object) => {
      const answer = await rig.call('/api/v1/messages', {
        body: { to: customer.chatId, ...body },
        headers: { 'x-octopods-auth': desk.bot.key },
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body;
    };
    return { desk, customer, post };
  };

  it('has the labels of buttons and not their data, the formatting, and what it answers', async () => {
    const { desk, post } = await arrange();
    const first = await post({ text: 'Which one?' });
    await post({
      text: '<b>This</b> or <code>that</code>',
      format: 'html',
      buttons: [
        [
          { text: 'This', data: 'cb_this' },
          { text: 'Site', url: 'https://a.example' },
        ],
      ],
      reply_to: { message_id: first.id },
    });
    await desk.reads(
      started,
      'teammate: Which one?',
      'teammate: ⁂ > Which one? | This or that | [This] [Site → https://a.example]',
    );
  });

  it('names places with a map, contacts, and polls with their options', async () => {
    const { desk, post } = await arrange();
    await post({ location: { latitude: 52.5, longitude: 13.25 } });
    await post({ venue: { latitude: 1, longitude: 2, title: 'Shop', address: 'Street 1' } });
    await post({ contact: { phone_number: '+491234', first_name: 'Ada', last_name: 'Bo' } });
    await post({ poll: { question: '2+2?', options: ['3', '4'], correct_option: 1 } });
    const link = (label: string, at: string) =>
      kind === 'intercom' ? `${label}` : `${label} https://maps.google.com/?q=${at}`;
    const seen = await desk.reads(
      started,
      `teammate: ${link('52.5, 13.25', '52.5,13.25')} | ⁂ (sent a location)`,
      `teammate: Shop | Street 1 | ${link('1, 2', '1,2')} | ⁂ (sent a place)`,
      'teammate: Ada Bo | +491234 | ⁂ (sent a contact)',
      'teammate: 2+2? | ☐ 3 | ☑ 4 | ⁂ (sent a quiz)',
    );
    expect(seen.entries).toHaveLength(5);
  });

  it('does not have a message that skips the inbox, and has the ones around it in order', async () => {
    const { desk, post } = await arrange();
    await post({ text: 'Shown' });
    const skipped = await post({ text: 'Your code is 1234', inbox: 'skip' });
    expect(skipped).toMatchObject({ inbox: 'skip', mirror: { state: 'none' } });
    await post({ text: 'Shown too' });
    await desk.reads(started, 'teammate: Shown', 'teammate: Shown too');
  });

  const withFiles = async () => {
    const { desk, customer, post } = await arrange();
    const upload = async (bytes: Buffer, name: string): Promise<string> => {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }), name);
      const answer = await fetch(`${rig.url}/api/v1/files`, {
        method: 'POST',
        body: form,
        headers: { 'x-octopods-auth': desk.bot.key },
      });
      return ((await answer.json()) as { readonly id: string }).id;
    };
    return { desk, customer, post, upload };
  };
  const begun = '⁂ (started the bot)';

  it('shows the files that were sent by address and by upload, with their bytes', async () => {
    const { desk, customer, post, upload } = await withFiles();
    const receipt = { kind: 'photo', ...sentByAddress(png, 'receipt.png') };
    await post({ media: receipt, text: 'Your receipt' });
    await post({
      media: { kind: 'document', file: await upload(pdf, 'terms.pdf') },
      buttons: [[{ text: 'I agree', data: 'yes' }]],
    });
    await post({
      media: [receipt, { kind: 'video', ...sentByAddress(Buffer.from('\0\0\0\x20ftypisom'), 'clip.mp4') }],
    });
    rig.sandbox.telegram.text(customer.at, { text: 'Thanks' });
    const seen = await readsWithFiles(
      desk,
      begun,
      'Your receipt | ⁂ (sent a photo “receipt.png”, 70 bytes) | receipt.png image/png',
      '⁂ (sent a document “terms.pdf”, 17 bytes) | [I agree] | terms.pdf application/pdf',
      '⁂ (sent an album: photo “receipt.png”, 70 bytes, video “clip.mp4”, 12 bytes) | receipt.png image/png | clip.mp4 video/mp4',
      'Thanks',
    );
    const [, first, second] = seen;
    expect(first?.files[0]?.content.equals(png)).toBe(true);
    expect(second?.files[0]?.content.equals(pdf)).toBe(true);
    const authors = desk.conversations().flatMap(({ entries }) => entries.map(({ by }) => by));
    expect(authors).toEqual(['customer', 'teammate', 'teammate', 'teammate', 'customer']);
  });

  it.each(['document', 'video', 'animation', 'audio', 'voice', 'sticker'])(
    'shows a file of the kind %s, also one that only Telegram has',
    async (media) => {
      const { desk, customer, post } = await withFiles();
      await post({ media: { kind: media, ...sentByAddress(pdf, 'a.pdf') } });
      const fileId = rig.sandbox.telegram.sent(customer.at).at(-1)?.file?.file_id;
      await post({ media: { kind: media, file_id: fileId } });
      const seen = await eventually(async () => {
        const entries = (await filesIn(desk)).slice(1);
        expect(entries.flatMap(({ files }) => files)).toHaveLength(2);
        return entries;
      });
      expect(seen).toHaveLength(2);
      for (const { files } of seen) expect(files[0]?.content.equals(pdf)).toBe(true);
    },
  );

  it('has the words at once while a file that only Telegram has is away, and the file once behind them', async () => {
    const { desk, customer, post } = await withFiles();
    await post({ media: { kind: 'photo', ...sentByAddress(png, 'a.png') } });
    const fileId = rig.sandbox.telegram.sent(customer.at).at(-1)?.file?.file_id;
    await readsWithFiles(desk, begun, '⁂ (sent a photo “a.png”, 70 bytes) | a.png image/png');
    const away = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 2, effect: away });
    await post({ media: { kind: 'photo', file_id: fileId }, text: 'Again' });
    await post({ text: 'Do you see it?' });
    const seen = await eventually(async () => {
      await makeRetriesDue(rig);
      const lines = told(await filesIn(desk)).slice(2);
      expect(lines).toHaveLength(3);
      return lines;
    });
    expect(seen[0]).toBe('Again | ⁂ (sent a photo) | ⁂ (the photo follows)');
    expect([...seen].slice(1).sort()).toEqual(
      ['Do you see it?', '⁂ (the photo, sent at some time) | photo.png image/png'].sort(),
    );
  });

  it('says beside the line that a file cannot be shown, and continues', async () => {
    const { desk, customer, post } = await withFiles();
    await post({ media: { kind: 'photo', ...sentByAddress(png, 'a.png') } });
    const fileId = rig.sandbox.telegram.sent(customer.at).at(-1)?.file?.file_id;
    await readsWithFiles(desk, begun, '⁂ (sent a photo “a.png”, 70 bytes) | a.png image/png');
    const refused = { kind: 'answer-before', answer: { status: 400, body: {} } } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'file', times: 1, effect: refused });
    await post({ media: { kind: 'photo', file_id: fileId } });
    await post({ text: 'Well?' });
    await readsWithFiles(
      desk,
      begun,
      '⁂ (sent a photo “a.png”, 70 bytes) | a.png image/png',
      '⁂ (sent a photo) | ⁂ (the photo cannot be shown here: the file server answered 400)',
      'Well?',
    );
  });

  it('has one entry of a file whose first write got no answer', async () => {
    const { desk, post } = await withFiles();
    desk.breakInbox({ kind: 'reset-after' });
    await post({ media: { kind: 'photo', ...sentByAddress(png, 'a.png') }, text: 'Once' });
    await post({ text: 'Next' });
    await readsWithFiles(desk, begun, 'Once | ⁂ (sent a photo “a.png”, 70 bytes) | a.png image/png', 'Next');
  });
});
