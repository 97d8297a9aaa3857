import { type FileHandle, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFile } from '../data-folder/create-file.ts';
import { flushFolder } from '../data-folder/flush-folder.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { frame } from './frames.ts';

/** A file that only grows, and belongs to one process. */
export interface JournalFile {
  /**
   * Appends and flushes. False if another process took the file over and may not have read these records: they must
   * be written to another file. Rejects if the disk fails. After that nothing more may be appended, so that only the
   * end of a file can be torn.
   */
  append(payloads: readonly Buffer[]): Promise<boolean>;
  close(): Promise<void>;
}

/** Creates the file, which must not exist, and flushes its folder, so that its name is as durable as its records. */
export async function createJournalFile(path: string): Promise<JournalFile> {
  const handle = await createFile(path);
  try {
    await flushFolder(dirname(path));
  } catch (cause) {
    await handle.close();
    throw cause;
  }
  return {
    async append(payloads) {
      await handle.appendFile(Buffer.concat(payloads.map(frame)));
      await handle.datasync();
      return hasPath(handle, path);
    },
    close: () => handle.close(),
  };
}

/**
 * Whether the open file still has its path. A process that takes a file over renames it before it reads it, so
 * records that were flushed before the rename are read.
 */
async function hasPath(handle: FileHandle, path: string): Promise<boolean> {
  try {
    const [named, opened] = await Promise.all([stat(path), handle.stat()]);
    return named.ino === opened.ino && named.dev === opened.dev;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return false;
    throw cause;
  }
}
