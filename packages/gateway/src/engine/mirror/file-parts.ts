import type { SharedFile } from '../../core/message/content.ts';
import { entryFilesMax } from '../../ports/inbox.ts';

/** The files in order, each part with as many as fit into one entry. `maxBytes` counts sizes that are declared. */
export function partsOf(files: readonly SharedFile[], maxBytes: number): readonly (readonly SharedFile[])[] {
  const parts: SharedFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const size = file.sizeBytes ?? 0;
    const last = parts.at(-1);
    if (last !== undefined && last.length < entryFilesMax && bytes + size <= maxBytes) {
      last.push(file);
      bytes += size;
    } else {
      parts.push([file]);
      bytes = size;
    }
  }
  return parts;
}

/** The keys of a message's entries. Each entry has its own, so that a repeated try continues where the last one ended. */
export const entryKeys = {
  /** The words alone, before the files. */
  words: (key: string): string => `${key}:opening`,
  /** The words once more: the conversation that had them is gone. `generation` counts the chat's conversations. */
  wordsAgain: (key: string, generation: number): string => `${key}:again:${generation}`,
  /** A part with its files. `index` is from 0. The first one has the words with it if they were not written alone. */
  part: (key: string, index: number): string => (index === 0 ? key : `${key}:${index + 1}`),
  /** A part without the files that could not be fetched. */
  incompletePart: (key: string, index: number): string => `${entryKeys.part(key, index)}:incomplete`,
};
