export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size in the header of a JPEG, PNG or WebP image. Null if there is none. Never throws, whatever the bytes. */
export function imageSizeOf(content: Buffer): ImageSize | null {
  if (startsWith(content, '\x89PNG\r\n\x1a\n')) return pngSize(content);
  if (startsWith(content, '\xff\xd8')) return jpegSize(content);
  return startsWith(content, 'RIFF') && startsWith(content, 'WEBP', 8) ? webpSize(content) : null;
}

const startsWith = (content: Buffer, bytes: string, at = 0): boolean =>
  content.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'));

const sizeOf = (width: number, height: number): ImageSize | null =>
  width > 0 && height > 0 ? { width, height } : null;

/** The header is the first chunk. */
function pngSize(content: Buffer): ImageSize | null {
  if (content.length < 24 || !startsWith(content, 'IHDR', 12)) return null;
  return sizeOf(content.readUInt32BE(16), content.readUInt32BE(20));
}

/** Segments, each with a marker and a length, until the one that starts a frame. */
function jpegSize(content: Buffer): ImageSize | null {
  let at = 2;
  while (at + 9 <= content.length && content.readUInt8(at) === 0xff) {
    const marker = content.readUInt8(at + 1);
    if (marker === 0xff) {
      // Padding.
      at += 1;
      continue;
    }
    if (isFrameStart(marker)) return sizeOf(content.readUInt16BE(at + 7), content.readUInt16BE(at + 5));
    at += 2 + content.readUInt16BE(at + 2);
  }
  return null;
}

/** SOF0 to SOF15, without the table markers between them. */
const isFrameStart = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Lossy, lossless or extended format. */
function webpSize(content: Buffer): ImageSize | null {
  if (content.length < 30) return null;
  if (startsWith(content, 'VP8 ', 12)) {
    return sizeOf(content.readUInt16LE(26) & 0x3fff, content.readUInt16LE(28) & 0x3fff);
  }
  if (startsWith(content, 'VP8L', 12)) {
    const bits = content.readUInt32LE(21);
    return sizeOf((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (!startsWith(content, 'VP8X', 12)) return null;
  return sizeOf(content.readUIntLE(24, 3) + 1, content.readUIntLE(27, 3) + 1);
}
