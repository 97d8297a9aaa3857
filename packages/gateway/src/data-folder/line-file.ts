import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from './flush-folder.ts';
import { readIfThere, sizeIfThere } from './read-if-there.ts';

/** Takes no more lines when it has this many bytes. Then it becomes the previous file, and the one before that is dropped. */
const bytesMax = 1_048_576;

/** A file of lines that is only added to, for its owner only, with one previous file. */
export interface LineFile {
  /** The line is on disk when this resolves. A line that a crash cut off stays a line of its own. */
  append(line: string): Promise<void>;
  /** The lines of the previous file and of this one, the oldest first. */
  readLines(): Promise<readonly string[]>;
}

export function openLineFile(path: string): LineFile {
  const previous = `${path}.1`;
  let isBegun = false;
  return {
    async append(line) {
      if ((await sizeIfThere(path)) >= bytesMax) await rename(path, previous);
      const handle = await open(path, 'a', 0o600);
      try {
        await handle.chmod(0o600);
        // The last process may have died in the middle of a line.
        const gap = isBegun || (await handle.stat()).size === 0 ? '' : '\n';
        await handle.appendFile(`${gap}${line}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (!isBegun) await flushFolder(dirname(path));
      isBegun = true;
    },
    async readLines() {
      const texts = [await readIfThere(previous), await readIfThere(path)];
      return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
    },
  };
}
