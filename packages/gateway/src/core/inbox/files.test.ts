import { describe, expect, it } from 'vitest';
import type { SharedFile } from '../message/content.ts';
import { fileNameOf } from '../message/file-name.ts';
import { continuationBody, describeFiles, failureMark, filesOf, nameWithSize, withBlocks } from './files.ts';
import { sizeText } from './media-names.ts';

const file = (change: Partial<SharedFile> = {}): SharedFile => ({
  media: 'photo',
  fileId: 'f',
  fileUniqueId: null,
  name: null,
  mediaType: null,
  sizeBytes: null,
  caption: null,
  ...change,
});
const invoice = file({ media: 'document', name: 'invoice.pdf', sizeBytes: 1_258_291 });

describe('the description of files', () => {
  it('says what was sent', () => {
    expect(describeFiles([file()])).toBe('sent a photo');
    expect(describeFiles([file({ media: 'audio' })])).toBe('sent an audio file');
    expect(describeFiles([file({ media: 'voice' })])).toBe('sent a voice message');
    expect(describeFiles([file(), file(), file({ media: 'video' })])).toBe('sent 2 photos, 1 video');
  });

  it('has name and size for files that have a name', () => {
    expect(nameWithSize(invoice)).toBe(' “invoice.pdf”, 1.2 MB');
    expect(nameWithSize({ ...invoice, sizeBytes: null })).toBe(' “invoice.pdf”');
    expect(nameWithSize(file({ sizeBytes: 5 }))).toBe('');
  });

  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [2048, '2 KB'],
    [1024 * 1024, '1 MB'],
    [20 * 1024 * 1024, '20 MB'],
    [34_000_000, '32 MB'],
  ])('gives %i bytes as %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it('says why a file is missing, and what to do', () => {
    const large = failureMark({ ...invoice, sizeBytes: 34_000_000 }, { kind: 'too-large', maxBytes: 20 * 1024 * 1024 });
    expect(large).toEqual({
      kind: 'mark',
      text: 'the document “invoice.pdf” (32 MB) is too large to be fetched: the limit is 20 MB; ask the customer to send it another way',
    });
    expect(failureMark(file(), { kind: 'not-fetched', from: 'Telegram', detail: 'gone' })).toMatchObject({
      text: 'the photo could not be fetched from Telegram: gone',
    });
    expect(failureMark(file(), { kind: 'not-taken', detail: 'no' })).toMatchObject({
      text: 'the inbox did not take the photo: no',
    });
  });

  it('names the files again in an entry of their own', () => {
    expect(continuationBody([invoice]).blocks).toEqual([{ kind: 'mark', text: 'the document “invoice.pdf”' }]);
    expect(continuationBody([invoice, invoice]).blocks).toEqual([{ kind: 'mark', text: '2 files' }]);
    const body = continuationBody([invoice]);
    expect(withBlocks(body, [])).toBe(body);
    expect(withBlocks(body, [{ kind: 'text', text: 'x' }]).blocks).toHaveLength(2);
  });

  it('finds the files of every kind of content', () => {
    expect(filesOf({ kind: 'file', ...invoice })).toMatchObject([invoice]);
    expect(filesOf({ kind: 'album', files: [invoice, file()] })).toHaveLength(2);
    expect(filesOf({ kind: 'text', text: 'x' })).toEqual([]);
  });
});

describe('the name of a file in the inbox', () => {
  it.each([
    ['invoice.pdf', 'application/pdf', 'invoice.pdf'],
    ['invoice', 'application/pdf', 'invoice.pdf'],
    ['.env', 'text/plain', 'env.txt'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\temp\\a.png', 'image/png', 'a.png'],
    ['gnp.\u202eexe', 'image/png', 'gnp.exe.png'],
    ['a\u0000b\r\n.txt', 'text/plain', 'ab.txt'],
    ['  ', 'image/jpeg', 'photo.jpg'],
    [null, 'image/jpeg', 'photo.jpg'],
    [null, 'application/octet-stream', 'photo'],
    [`${'x'.repeat(300)}.pdf`, 'application/pdf', `${'x'.repeat(116)}.pdf`],
  ])('for %j of type %s is %s', (name, mediaType, wanted) => {
    expect(fileNameOf(file({ name }), mediaType)).toBe(wanted);
  });
});
