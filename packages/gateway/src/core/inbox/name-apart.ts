import type { SharedFile } from '../message/content.ts';
import { splitName } from '../message/file-name.ts';
import { endingOf } from '../message/media-type.ts';
import { visibleName } from '../message/visible-name.ts';

/**
 * The files of one message with names by which a reader can tell them apart: “photo-1.jpg”, “photo-2.jpg”. The numbers
 * say their places. A file that has a name has it still; if another one had it before, a number follows. `filesBefore`:
 * how many files of the same album were shown before these.
 */
export function nameApart(files: readonly SharedFile[], filesBefore = 0): readonly SharedFile[] {
  if (files.length + filesBefore < 2) return files;
  const counts = new Map<string, number>();
  return files.map((file, index) => {
    const name = visibleName(file.name) ?? numberedName(file, filesBefore + index + 1);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const { stem, ending } = splitName(name);
    return { ...file, name: count === 1 ? name : `${stem} (${count})${ending}` };
  });
}

function numberedName({ media, mediaType }: SharedFile, number: number): string {
  // Telegram: every photo is a JPEG.
  const declared = media === 'photo' ? 'image/jpeg' : (mediaType ?? '');
  return `${media}-${number}${endingOf(declared)}`;
}
