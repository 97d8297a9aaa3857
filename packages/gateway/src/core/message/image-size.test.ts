import { describe, expect, it } from 'vitest';
import { imageSizeOf } from './image-size.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const samples = {
  png: bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x07\x80\0\0\x04\x38'),
  jpeg: bytes('\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x11\x08\x04\x38\x07\x80\x03'),
  'lossy webp': bytes('RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x07\x38\x04'),
  'lossless webp': bytes('RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc7\x0d\x01\0\0\0\0\0'),
  'extended webp': bytes('RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x07\0\x37\x04\0'),
} as const;

describe('the size of an image', () => {
  it.each(Object.entries(samples))('is read from a %s', (_kind, content) => {
    expect(imageSizeOf(content)).toEqual({ width: 1920, height: 1080 });
  });

  it.each(Object.entries(samples))('is not read from a truncated %s', (_kind, content) => {
    for (let length = 0; length < content.length - 1; length += 1) {
      expect(imageSizeOf(content.subarray(0, length))).toBeNull();
    }
  });

  it.each(['', 'GIF89a', '%PDF-1.7', '\xff\xd8\xff\xd9'.padEnd(40, '\0')])('is not read from %j', (text) => {
    expect(imageSizeOf(bytes(text))).toBeNull();
  });
});
