import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';

/**
 * Writes a text to a new file beside `path`, which only its owner can read. Resolves with the file's path when the text is on disk.
 * The caller gives the file its name.
 */
export async function writePartial(path: string, text: string): Promise<string> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return partial;
}
