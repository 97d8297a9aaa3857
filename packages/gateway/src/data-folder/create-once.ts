import { link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { flushFolder } from './flush-folder.ts';
import { writePartial } from './write-partial.ts';

/**
 * Writes a secret to a file that only its owner can read. The file gets its name after it was written and flushed. A
 * file that another process created first is not replaced.
 */
export async function createOnce(path: string, text: string): Promise<void> {
  const partial = await writePartial(path, text);
  try {
    await link(partial, path);
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) {
      throw error;
    }
  } finally {
    await rm(partial, { force: true });
  }
  await flushFolder(dirname(path));
}
