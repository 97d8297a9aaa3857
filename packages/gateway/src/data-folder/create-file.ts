import { randomBytes } from 'node:crypto';
import { constants, openSync } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';

/**
 * The only ways in which the gateway creates a file: the name must not exist, not even as a link, and only the owner
 * may read the file. A name that is there already may have been placed by another person, who could then read what is
 * written, or choose what is overwritten. What is written goes to the end of the file.
 */
const onlyNew = 'ax';
const forOwner = 0o600;

/** Rejects with EEXIST if the name exists. */
export const createFile = (path: string): Promise<FileHandle> => open(path, onlyNew, forOwner);

/** Returns a file descriptor. Throws EEXIST if the name exists. */
export const createFileSync = (path: string): number => openSync(path, onlyNew, forOwner);

/** Creates a file with a random name beside `path`. The caller gives it its name when it is complete, or removes it. */
export async function createPartial(path: string): Promise<{ readonly partial: string; readonly handle: FileHandle }> {
  const partial = `${path}.${randomBytes(8).toString('hex')}.partial`;
  return { partial, handle: await createFile(partial) };
}

/** Copies a file, with its mode, to a name that must not exist. */
export const copyToNewFile = (from: string, to: string): Promise<void> =>
  copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);

/** Opens an existing file, which must not be a link, and empties it. Returns a file descriptor. */
export const openEmptied = (path: string): number =>
  openSync(path, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
