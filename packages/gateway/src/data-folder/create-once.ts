import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { flushFolder } from './flush-folder.ts';

/**
 * Writes a secret to a file that only its owner can read. The file gets its name after it was written and flushed. A
 * file that another process created first is not replaced.
 */
export async function createOnce(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
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
