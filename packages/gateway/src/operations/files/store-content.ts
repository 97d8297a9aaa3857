import { mediaTypeOf } from '../../core/message/media-type.ts';
import type { FileStart, StoredFile } from '../../store/files.ts';
import type { StoreSlice } from '../../store/store.ts';

export type FileStore = StoreSlice<{
  readonly files: 'start' | 'addChunk' | 'complete' | 'discard' | 'keep' | 'read' | 'readChunk';
}>;

/** Telegram: bots upload files of up to 50 MB. */
export const fileBytesMax = 50 * 1024 * 1024;
/** What of a file is in memory at once. */
const chunkBytes = 1024 * 1024;

/** A content that is larger than `fileBytesMax`. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** A file with its first bytes, which say what it is. */
export interface StoredContent {
  readonly file: StoredFile;
  readonly head: Buffer;
}

/**
 * Stores a content piece by piece while it arrives. If it does not arrive whole, or is too large, nothing of it stays. Throws
 * `TooLargeError`, and what the content throws.
 */
export async function storeContent(
  { files }: FileStore,
  start: FileStart,
  content: AsyncIterable<Uint8Array>,
): Promise<StoredContent> {
  const { id, workspaceId } = start;
  await files.start(start);
  try {
    let number = 0;
    let sizeBytes = 0;
    let head = Buffer.alloc(0);
    for await (const piece of inChunks(content)) {
      sizeBytes += piece.length;
      if (sizeBytes > fileBytesMax) throw new TooLargeError('The content is too large.');
      if (number === 0) head = Buffer.from(piece);
      await files.addChunk({ fileId: id, workspaceId, number, content: piece });
      number += 1;
    }
    const mediaType = mediaTypeOf(head, start.mediaType);
    return { file: await files.complete({ id, workspaceId, sizeBytes, mediaType }), head };
  } catch (cause) {
    await files.discard(workspaceId, id);
    throw cause;
  }
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
