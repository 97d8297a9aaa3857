import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from './flush-folder.ts';
import { writePartial } from './write-partial.ts';

/** Replaces a file atomically, for its owner only. The new file is on disk when this resolves. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const partial = await writePartial(path, text);
  await rename(partial, path);
  await flushFolder(dirname(path));
}
