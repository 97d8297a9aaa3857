import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../../testing/telegram-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const png = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1');

function upload(
  method: string,
  field: string,
  bytes: Uint8Array<ArrayBuffer>,
  more: Readonly<Record<string, string>> = {},
) {
  const form = new FormData();
  form.append('chat_id', String(rig.at.chat_id));
  for (const [name, value] of Object.entries(more)) form.append(name, value);
  form.append(field, new Blob([bytes], { type: 'application/pdf' }), 'a.pdf');
  return rig.raw(`/bot${rig.bot.token}/${method}`, { method: 'POST', body: form });
}

describe('a file of a bot', () => {
  it.each([
    ['sendPhoto', 'photo', png],
    ['sendDocument', 'document', Buffer.from('%PDF-')],
    ['sendVoice', 'voice', Buffer.from('OggS')],
    ['sendAudio', 'audio', Buffer.from('ID3')],
    ['sendVideo', 'video', Buffer.from('ftyp')],
    ['sendAnimation', 'animation', Buffer.from('GIF89a')],
  ])('that %s sent is in the chat with its caption and its bytes', async (method, field, bytes) => {
    const { status } = await upload(method, field, new Uint8Array(bytes), { caption: 'Look' });
    expect(status).toBe(200);
    const record = rig.sandbox.telegram.sent(rig.at).at(-1);
    expect(record).toMatchObject({ method, caption: 'Look' });
    const fileId = record?.file?.file_id ?? '';
    expect(rig.sandbox.telegram.fileContent({ bot_id: rig.bot.id, file_id: fileId })).toEqual(bytes);
    const overHttp = await fetch(`${rig.sandbox.url}/control/telegram/bots/${rig.bot.id}/files/${fileId}`);
    expect(Buffer.from(await overHttp.arrayBuffer())).toEqual(bytes);
  });

  it.each([
    ['that is not an image', 'sendPhoto', 'photo', 5, 'Bad Request: IMAGE_PROCESS_FAILED', 400],
    ['that is empty', 'sendDocument', 'document', 0, 'Bad Request: file must be non-empty', 400],
    ['of 51 MB', 'sendDocument', 'document', 51 * 1024 * 1024, 'Request Entity Too Large', 413],
  ])('%s is refused', async (_what, method, field, size, description, code) => {
    const { status, body } = await upload(method, field, new Uint8Array(size));
    expect([status, body.description]).toEqual([code, description]);
  });

  it('of more than 10 MB is refused as a photo', async () => {
    const { body } = await upload('sendPhoto', 'photo', new Uint8Array(Buffer.concat([png, Buffer.alloc(11_000_000)])));
    expect(body.description).toMatch(/^Bad Request: file of size \d+ bytes is too big for a photo/);
  });

  it('with a caption of more than 1024 characters is refused', async () => {
    const { body } = await upload('sendDocument', 'document', new Uint8Array(5), { caption: 'x'.repeat(1025) });
    expect(body.description).toBe('Bad Request: message caption is too long');
  });
});
