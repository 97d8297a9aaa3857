import { describe, expect, it } from 'vitest';
import { endingOf, mediaTypeOf } from './media-type.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the media type of a file', () => {
  it.each([
    ['\xff\xd8\xff\xe0\x00\x10JFIF', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n\x00', 'image/png'],
    ['GIF89a\x01', 'image/gif'],
    ['RIFF\x10\x00\x00\x00WEBPVP8 ', 'image/webp'],
    ['RIFF\x10\x00\x00\x00WAVEfmt ', 'audio/wav'],
    ['\x00\x00\x00\x18ftypheic', 'image/heic'],
    ['OggS\x00\x02', 'audio/ogg'],
    ['ID3\x04\x00', 'audio/mpeg'],
    ['\xff\xfb\x90\x00', 'audio/mpeg'],
    ['\x00\x00\x00\x20ftypisom', 'video/mp4'],
    ['\x00\x00\x00\x14ftypqt  ', 'video/quicktime'],
    ['\x1a\x45\xdf\xa3\x01', 'video/webm'],
    ['%PDF-1.7\n%', 'application/pdf'],
    ['PK\x03\x04\x14', 'application/zip'],
  ])('comes from its first bytes, whatever is declared: %j', (content, mediaType) => {
    expect(mediaTypeOf(bytes(content), null)).toBe(mediaType);
    expect(mediaTypeOf(bytes(content), 'text/html')).toBe(mediaType);
  });

  it.each([
    ['PK\x03\x04', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['PK\x03\x04', 'application/vnd.oasis.opendocument.text'],
    ['\x00\x00\x00\x20ftypisom', 'audio/mp4'],
    ['\x1a\x45\xdf\xa3', 'video/x-matroska'],
    ['OggS', 'audio/opus'],
  ])('is the declared one if the bytes allow it: %j as %s', (content, declared) => {
    expect(mediaTypeOf(bytes(content), declared)).toBe(declared);
  });

  it.each(['text/plain', 'text/csv', 'application/json'])('of a text is %s if that is declared', (declared) => {
    expect(mediaTypeOf(bytes('a,b\n1,2\n'), `${declared}; charset=utf-8`)).toBe(declared);
  });

  it.each(['text/html', 'image/svg+xml', 'application/javascript', 'image/png', 'application/pdf', null])(
    'of a text is never %s, which a browser would execute or render',
    (declared) => {
      expect(mediaTypeOf(bytes('<svg onload="alert(1)"/>'), declared)).toBe('text/plain');
    },
  );

  it.each([['\x00\x01\x02'], ['caf\xe9'], ['']])('of unreadable bytes is unknown: %j', (content) => {
    expect(mediaTypeOf(bytes(content), 'image/png')).toBe('application/octet-stream');
    expect(endingOf('application/octet-stream')).toBe('');
  });
});
