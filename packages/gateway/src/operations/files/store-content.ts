import { createHash } from 'node:crypto';
import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { FileStart, RoomTaken, StoredFile } from '../../store/files.ts';
import type { StoreSlice } from '../../store/store.ts';

export type FileStore = StoreSlice<{
  readonly files:
    | 'start'
    | 'count'
    | 'readRoomTaken'
    | 'addChunk'
    | 'complete'
    | 'discard'
    | 'keep'
    | 'read'
    | 'readChunk';
}>;

/** Telegram: bots upload files of up to 50 MB. */
export const fileBytesMax = 50 * 1024 * 1024;
/** What of a file is in memory at once. */
const chunkBytes = 1024 * 1024;

/** A content that is larger than `fileBytesMax`. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** The workspace has no room for another upload. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
  readonly taken: RoomTaken;

  constructor(taken: RoomTaken) {
    super('The workspace has no room for the content.');
    this.taken = taken;
  }
}

/** The room of a workspace that an upload takes. */
export interface Room {
  /** Of all uploads of the workspace. */
  readonly bytesMax: number;
  /** As the head of the request says. Null if it does not. */
  readonly declaredBytes: number | null;
}

/** What a small file counts: its rows have a cost too. */
export const countedBytesMin = 16 * 1024;

/** A file with its first bytes, which say what it is. */
export interface StoredContent {
  readonly file: StoredFile;
  readonly head: Buffer;
  /** SHA-256. */
  readonly digest: string;
}

/**
 * Stores a content piece by piece while it arrives. If it does not arrive whole, or is too large, nothing of it stays. With a
 * `room`, each byte is claimed before it is read, or before it is stored if its size was not declared. Throws `TooLargeError`,
 * `NoRoomError`, and what the content throws.
 */
export async function storeContent(
  { files }: FileStore,
  start: FileStart,
  content: AsyncIterable<Uint8Array>,
  room: Room | null = null,
): Promise<StoredContent> {
  const { id, workspaceId } = start;
  let countedBytes = room === null ? 0 : Math.max(countedBytesMin, room.declaredBytes ?? 0);
  await files.start({ ...start, countedBytes });
  try {
    if (room !== null) await assertRoom({ files }, workspaceId, room);
    let number = 0;
    let sizeBytes = 0;
    let head = Buffer.alloc(0);
    const hash = createHash('sha256');
    for await (const piece of inChunks(content)) {
      sizeBytes += piece.length;
      if (sizeBytes > fileBytesMax) throw new TooLargeError('The content is too large.');
      if (room !== null && sizeBytes > countedBytes) {
        countedBytes = sizeBytes;
        await files.count(workspaceId, id, countedBytes);
        await assertRoom({ files }, workspaceId, room);
      }
      hash.update(piece);
      if (number === 0) head = Buffer.from(piece);
      await files.addChunk({ fileId: id, workspaceId, number, content: piece });
      number += 1;
    }
    if (room !== null) await files.count(workspaceId, id, Math.max(countedBytesMin, sizeBytes));
    const mediaType = mediaTypeOf(head, start.mediaType);
    const file = await files.complete({ id, workspaceId, sizeBytes, mediaType });
    return { file, head, digest: hash.digest('hex') };
  } catch (cause) {
    await files.discard(workspaceId, id);
    throw cause;
  }
}

/** After the claim was stored: of uploads that arrive at once, each sees the claims before it, so that they never exceed the room together. */
async function assertRoom({ files }: FileStore, workspaceId: string, { bytesMax }: Room): Promise<void> {
  const taken = await files.readRoomTaken(workspaceId);
  if (taken.bytes > bytesMax) throw new NoRoomError(taken);
}

async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    waiting.push(piece);
    size += piece.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting, size);
}
