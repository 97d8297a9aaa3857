import { describe, expect, it } from 'vitest';
import type { EntryFile } from '../../ports/inbox.ts';
import { encodeFile } from './encode.ts';
import { encodeUpload } from './files.ts';

const file = (change: Partial<EntryFile> = {}): EntryFile => ({
  media: 'document',
  name: 'a.pdf',
  mediaType: 'application/pdf',
  content: Buffer.from('%PDF-1.7\r\n--\r\n\x00\xff', 'latin1'),
  ...change,
});

describe('an upload to HubSpot', () => {
  it.each(['a.pdf', 'quote".pdf', 'Übergrößen 日本.pdf', 'two\r\nlines.pdf'])(
    'is a form that carries the bytes unchanged, and the name %j',
    async (name) => {
      const { contentType, bytes } = encodeUpload(file({ name }));
      const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
      const sent = form.get('file');
      if (!(sent instanceof Blob)) throw new Error('no file in the form');
      expect(Buffer.from(await sent.arrayBuffer())).toEqual(file().content);
      expect(sent.type).toBe('application/pdf');
      expect(form.get('fileName')).toBe(name);
      expect(form.get('folderPath')).toBe('/chatferry');
      expect(JSON.parse(String(form.get('options')))).toMatchObject({ access: 'PRIVATE' });
    },
  );
});

describe('an uploaded file in a message for HubSpot', () => {
  it.each([
    ['photo', 'image/jpeg', 'IMAGE'],
    ['document', 'image/png', 'IMAGE'],
    ['sticker', 'image/webp', 'STICKER'],
    ['voice', 'audio/ogg', 'VOICE_RECORDING'],
    ['audio', 'audio/mpeg', 'AUDIO'],
    ['video', 'video/mp4', 'OTHER'],
    ['photo', 'application/octet-stream', 'OTHER'],
  ] as const)('that was sent as a %s and is %s is used as %s', (media, mediaType, usage) => {
    expect(encodeFile(file({ media, mediaType }), '7')).toEqual({ type: 'FILE', fileId: '7', fileUsageType: usage });
  });
});
