import { crc32 } from 'node:zlib';

// length (4) · CRC-32 of the payload (4) · payload
const headerBytes = 8;

/** One record as it is stored in a file. Its length and checksum show whether it is complete. */
export function frame(payload: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt32BE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

export interface Frames {
  readonly payloads: readonly Buffer[];
  /**
   * `torn`: the last record was not written completely, so its append was never confirmed. `damaged`: a record does
   * not have its checksum, so the disk changed it.
   */
  readonly end: 'whole' | 'torn' | 'damaged';
}

/** The records of a file, up to the first incomplete or damaged one. */
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
