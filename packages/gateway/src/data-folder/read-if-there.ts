import { readFile, stat } from 'node:fs/promises';
import { isErrorCode } from '../errors/error-code.ts';

/** The text of a file; empty if there is none. */
export const readIfThere = (path: string): Promise<string> => orIfAbsent(readFile(path, 'utf8'), '');

/** The size of a file in bytes; 0 if there is none, for example because another process deleted it. */
export const sizeIfThere = (path: string): Promise<number> =>
  orIfAbsent(
    stat(path).then(({ size }) => size),
    0,
  );

async function orIfAbsent<T>(read: Promise<T>, absent: T): Promise<T> {
  try {
    return await read;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return absent;
    throw cause;
  }
}
