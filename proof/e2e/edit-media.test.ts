import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { startFileServer } from './file-server.ts';
import { messageCalls } from './message-calls.ts';
import { filesIn } from './seen-files.ts';

const fileServer = await startFileServer();
const rig = await startPublicRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: fileServer.origin });
const { telegram } = rig.sandbox;
const path = '/api/v1/messages';
const started = 'customer: ⁂ (started the bot)';

const { call, post, edit } = messageCalls(rig);
const shown = ({ at }: Customer) => telegram.transcript(at).messages.filter(({ sender }) => sender === 'bot');
const edits = ({ bot }: AgentsDesk) =>
  telegram.calls({ bot_id: bot.botId }).filter(({ method }) => method === 'editMessageMedia');
/** A file that Telegram has from another customer, and its address at a server that the gateway may call. */
const fileAt = (
  desk: AgentsDesk,
  content: string,
  file_name: string,
  kind: 'document' | 'video' | 'photo' | 'voice' | 'audio' = 'document',
) => {
  const bytes = Buffer.from(content);
  const { file_id } = telegram.file(desk.customer().at, { kind, bytes, file_name });
  return { file_id, url: fileServer.addressOf(bytes, file_name) };
};
const upload = async ({ bot }: AgentsDesk, content: string, name: string) => {
  const headers = { 'x-octopods-auth': bot.key };
  return (await rig.call(`/api/v1/files?file_name=${name}`, { raw: content, headers })).body.id;
};
const contentOf = ({ bot }: AgentsDesk, fileId: string | undefined) =>
  telegram.fileContent({ bot_id: bot.botId, file_id: fileId ?? '' }).toString();
const pointers = ({ body }: { readonly body: { readonly details: readonly { readonly pointer: string }[] } }) =>
  body.details.map(({ pointer }) => pointer);

describe.each(inboxKinds)('an edit of a file, in %s', (kind) => {
  it('replaces it in the chat with its caption and buttons, and the inbox shows the new one beside the old one', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    // Without this the message may be written before the Start, which is an update of its own.
    await desk.reads(started);
    const first = { kind: 'document', file: await upload(desk, 'old', 'old.pdf') };
    const { id } = await post(desk, {
      to: customer.chatId,
      media: first,
      text: 'Invoice',
      buttons: [[{ text: 'Pay', data: 'p' }]],
    });
    const { url } = fileAt(await openAgentsDesk(rig, 'intercom'), 'new', 'new.pdf');
    const answer = await edit(desk, id, { media: { kind: 'document', url, file_name: 'new.pdf' } });
    expect([answer.status, answer.body.details]).toEqual([200, undefined]);
    expect(answer.body).toMatchObject({
      kind: 'document',
      text: 'Invoice',
      files: [{ file_name: 'new.pdf', size_bytes: 3 }],
      edits: [{ text: null, files: [{ file_name: 'new.pdf' }] }],
    });
    const [message] = shown(customer);
    expect(message).toMatchObject({ caption: 'Invoice', reply_markup: { inline_keyboard: [[{ text: 'Pay' }]] } });
    expect(contentOf(desk, message?.document?.file_id)).toBe('new');
    await desk.reads(
      started,
      'teammate: Invoice | ⁂ (sent a document “old.pdf”, 3 bytes) | [Pay]',
      'note: ⁂ (the file is now: document “new.pdf”, 3 bytes)',
    );
    await eventually(async () => {
      const files = (await filesIn(desk)).flatMap((entry) => entry.files.map(({ content }) => content.toString()));
      expect(files).toEqual(['old', 'new']);
    });
  });
});

describe('an edit of a file', () => {
  it('by its address, an upload or an id of Telegram is made once, however often it is repeated', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { url, file_id } = fileAt(desk, 'b', 'b.bin');
    const { id } = await post(desk, { to: customer.chatId, media: { kind: 'document', file_id }, text: 'x' });
    const sources = [{ url }, { file: await upload(desk, 'c', 'c.bin') }, { file_id }];
    for (const [index, source] of sources.entries())
      for (let count = 0; count < 2; count += 1) {
        const { status, body } = await edit(desk, id, {
          media: { kind: 'document', ...source },
          text: `words ${index}`,
        });
        expect([status, body.edits.length]).toEqual([200, index + 1]);
      }
    expect(edits(desk)).toHaveLength(3);
    expect(shown(customer)[0]).toMatchObject({ caption: 'words 2', document: { file_id } });
  });

  it('turns a text into a file with the words as its caption', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await post(desk, { to: customer.chatId, text: '**Report**', format: 'markdown' });
    const { body } = await edit(desk, id, { media: { kind: 'document', file: await upload(desk, 'r', 'r.csv') } });
    expect(body).toMatchObject({ kind: 'document', text: 'Report' });
    expect(shown(customer)[0]).toMatchObject({ caption: 'Report', caption_entities: [{ type: 'bold' }] });
    expect(shown(customer)[0]).not.toHaveProperty('text');
  });

  it('of an album replaces the one at its position, and the words stay at the first', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => fileAt(desk, name, `${name}.mp4`, 'video'));
    const photo = fileAt(desk, 'p', 'p.png', 'photo');
    const media = [a, b].map((file) => ({ kind: 'video', file_id: file?.file_id }));
    const { id } = await post(desk, { to: customer.chatId, media, text: 'Look' });
    const changed = await edit(desk, id, {
      media: { kind: 'video', url: c?.url },
      media_position: 1,
      text: 'Look again',
    });
    expect([changed.status, changed.body.details]).toEqual([200, undefined]);
    const [first, second] = shown(customer);
    expect([first?.caption, first?.video?.file_id, second?.caption]).toEqual(['Look again', a?.file_id, undefined]);
    expect(contentOf(desk, second?.video?.file_id)).toBe('c');
    const copy = await edit(desk, id, { media: { kind: 'photo', file_id: photo.file_id }, media_position: 0 });
    expect(copy.body.files.map((file: { readonly kind: string }) => file.kind)).toEqual(['photo', 'video']);
    expect(shown(customer)[0]).toMatchObject({ caption: 'Look again', photo: expect.anything() });
  });

  it('that Telegram refuses says why, and changes nothing', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await post(desk, {
      to: customer.chatId,
      media: { kind: 'document', file_id: fileAt(desk, 'a', 'a').file_id },
    });
    const description = "Bad Request: message media can't be edited";
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'editMessageMedia',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'answer-before', answer: { status: 400, body: { ok: false, error_code: 400, description } } },
    });
    const { status, body } = await edit(desk, id, { media: { kind: 'document', file: await upload(desk, 'b', 'b') } });
    expect([status, body.error_code, body.error]).toEqual([400, 5, expect.stringContaining("media can't be edited")]);
    expect((await call(desk, 'GET', `${path}/${id}`)).body.edits).toEqual([]);
  });
});

describe('an edit of a file that Telegram would refuse', () => {
  const place = { location: { latitude: 1, longitude: 2 } };
  const item = (kind: string) => ({ kind, file_id: 'AgACx' });
  it.each([
    ['a voice message or sticker', { text: 'x' }, { media: item('voice') }, ['/media/kind']],
    ['a location', place, { media: item('photo'), text: 'x' }, ['/text', '/media']],
    ['a voice message that is to be replaced', { media: 'voice' }, { media: item('photo') }, ['/media']],
    ['words that are too long for a caption', { text: 'x'.repeat(1025) }, { media: item('photo') }, ['/text']],
    ['a preview of a link', { text: 'x' }, { media: item('photo'), text: 'x', link_preview: {} }, ['/link_preview']],
    ['no album', { media: 'photo' }, { media: item('photo'), media_position: 0 }, ['/media_position']],
    ['no position', { album: 'photo' }, { media: item('document') }, ['/media_position', '/media/kind']],
    [
      'another kind',
      { album: 'audio' },
      { media: item('video'), media_position: 5 },
      ['/media_position', '/media/kind'],
    ],
    ['an animation in an album', { album: 'video' }, { media: item('animation'), media_position: 0 }, ['/media/kind']],
    ['a position without a file', { text: 'x' }, { text: 'y', media_position: 0 }, ['/media_position']],
    ['a file that is not there', { text: 'x' }, { media: { kind: 'photo', file: 'fil_none' } }, ['/media/file']],
  ])('(%s) is refused at each place, before anything is asked', async (_what, sent, change, places) => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const { album, media, ...more } = sent as Readonly<Record<string, unknown>>;
    const { file_id } = fileAt(desk, 'a', 'a.bin', (album ?? media) as 'photo' | undefined);
    const files =
      album === undefined ? media && { kind: media, file_id } : [0, 1].map(() => ({ kind: album, file_id }));
    const { id } = await post(desk, { to: desk.customer().chatId, ...more, ...(files ? { media: files } : {}) });
    const refused = await edit(desk, id, change);
    expect([refused.status, pointers(refused)]).toEqual([400, places]);
    expect(edits(desk)).toEqual([]);
  });
});
