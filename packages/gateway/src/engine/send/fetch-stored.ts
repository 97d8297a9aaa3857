import { type AttachmentOutcome, type FetchAttachment, storedIdIn } from '../../ports/attachment.ts';
import type { StoreSlice } from '../../store/store.ts';

/** What reads the files of messages. */
export type StoredFiles = StoreSlice<{ readonly files: 'read' | 'readChunk' }>;

/** Fetches the files of messages of the API from the store, and every other address with `otherwise`. */
export const fetchStored =
  (store: StoredFiles, workspaceId: string, otherwise: FetchAttachment | null = null): FetchAttachment =>
  (url, limits) => {
    const id = storedIdIn(url);
    if (id !== null) return readStored(store, workspaceId, id);
    if (otherwise === null) throw new Error('A message of the API has a file that is not in the store.');
    return otherwise(url, limits);
  };

async function readStored({ files }: StoredFiles, workspaceId: string, id: string): Promise<AttachmentOutcome> {
  try {
    const file = await files.read(workspaceId, id);
    if (file === null) return { kind: 'refused', detail: 'it is not stored any more; files are kept for 24 hours' };
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = await files.readChunk(workspaceId, id, chunks.length);
      if (chunk === null) return { kind: 'ok', content: Buffer.concat(chunks) };
      chunks.push(chunk);
    }
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return { kind: 'unavailable', detail: 'the database does not answer' };
  }
}
