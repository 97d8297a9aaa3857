import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { frame } from './frames.ts';

/** A file that only grows, and belongs to one process. */
export interface JournalFile {
  /**
   * Appends and flushes. False where somebody took the file over meanwhile and may not read what came last: it has to be
   * written elsewhere. Rejects where the disk fails; nothing more may be appended then, so that only a tail can be torn.
   */
  append(payloads: readonly Buffer[]): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes the file, which must not exist yet, and sees to it that its name is as durable as what will stand in it. */
export async function createJournalFile(path: string): Promise<JournalFile> {
  const handle = await open(path, 'ax', 0o600);
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
      return leadsTo(path, handle);
    },
    close: () => handle.close(),
  };
}

/** Whoever takes a file over renames it before reading: what was flushed while it had its name is read. */
async function leadsTo(path: string, handle: FileHandle): Promise<boolean> {
  try {
    const [named, open] = await Promise.all([stat(path), handle.stat()]);
    return named.ino === open.ino && named.dev === open.dev;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return false;
    throw cause;
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
