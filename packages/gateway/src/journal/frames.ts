import { crc32 } from 'node:zlib';

// length (4) · CRC-32 of the payload (4) · payload
const headerBytes = 8;

/** One record as it stands in a file: its length and its checksum tell whether it is whole. */
export function frame(payload: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt32BE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

export interface Frames {
  readonly payloads: readonly Buffer[];
  /** `torn`: the last record was never written whole, so nobody was told that it was. `damaged`: the disk changed what was. */
  readonly end: 'whole' | 'torn' | 'damaged';
}

/** The records of a file, up to the first one that is not whole. */
export function readFrames(bytes: Buffer): Frames {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const payloadAt = at + headerBytes;
    if (payloadAt > bytes.length) return { payloads, end: 'torn' };
    const endAt = payloadAt + bytes.readUInt32BE(at);
    if (endAt > bytes.length) return { payloads, end: 'torn' };
    const payload = bytes.subarray(payloadAt, endAt);
    if (crc32(payload) !== bytes.readUInt32BE(at + 4)) return { payloads, end: 'damaged' };
    payloads.push(payload);
    at = endAt;
  }
  return { payloads, end: 'whole' };
}
