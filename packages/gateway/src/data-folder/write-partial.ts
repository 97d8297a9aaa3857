import { createPartial } from './create-file.ts';

/**
 * Writes a text to a new file beside `path`, which only its owner can read. Resolves with the file's path when the text is on disk.
 * The caller gives the file its name.
 */
export async function writePartial(path: string, text: string): Promise<string> {
  const { partial, handle } = await createPartial(path);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return partial;
}
