import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';

/**
 * Writes a secret to a file of its owner alone: whole and on disk before it has its name, and never over one that another
 * process made first.
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
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
