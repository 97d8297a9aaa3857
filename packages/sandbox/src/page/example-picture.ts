import { deflateSync } from 'node:zlib';

const width = 320;
const height = 213;

type Colour = readonly [red: number, green: number, blue: number];

const table: Colour = [214, 205, 190];
const wall: Colour = [236, 232, 224];
const box: Colour = [190, 140, 88];
const lid: Colour = [205, 157, 104];
const tape: Colour = [226, 198, 150];
const hole: Colour = [74, 52, 33];

/** An example photo: a parcel with a torn corner. A PNG of 320 × 213 pixels, the same in each call. */
export function examplePicture(): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (__, x) => shade(colourAt(x, y), x, y)).flat()]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(x: number, y: number): Colour {
  const torn = x > 196 && y < 116 && (x - 196) * 0.9 - (y - 70) > 6 + 5 * Math.sin(x / 5);
  if (x >= 78 && x <= 242 && y >= 66 && y <= 176) {
    if (torn) return hole;
    if (x > 150 && x < 172) return tape;
    return y < 92 ? lid : box;
  }
  return y > 148 ? table : wall;
}

/** Light from the left, and a shadow below the parcel. */
function shade(colour: Colour, x: number, y: number): number[] {
  const shadow = y > 176 && y < 190 && x > 84 && x < 256 ? 0.86 : 1;
  const light = (1.06 - x / (6 * width)) * shadow;
  return colour.map((part) => Math.max(0, Math.min(255, Math.round(part * light))));
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(checksum(named), named.length + 4);
  return framed;
}

/** The CRC-32 of PNG. */
function checksum(data: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
