import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { readFrames } from './frames.ts';
import type { JournalLog } from './journal-writer.ts';

/** The end of the name of a file that is being read. */
export const takenSuffix = '.taken';

/**
 * Takes a file over by renaming it. After that its owner writes to another file. Returns the new name; null if
 * another process was faster.
 */
export async function takeFile(folder: string, file: string): Promise<string | null> {
  if (file.endsWith(takenSuffix)) return file;
  try {
    await rename(join(folder, file), join(folder, `${file}${takenSuffix}`));
    return `${file}${takenSuffix}`;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return null;
    throw cause;
  }
}

/**
 * Gives the records of a taken file to `take`, and deletes the file. A file with a damaged record, or with a record
 * that `take` refused, is renamed to `.damaged` instead. Returns the number of accepted records.
 */
export async function drainFile(
  path: string,
  take: (payload: Buffer) => Promise<boolean>,
  log: JournalLog,
): Promise<number> {
  const content = await readIfExists(path);
  if (content === null) return 0;
  const { payloads, end } = readFrames(content);
  let refused = 0;
  for (const payload of payloads) if (!(await take(payload))) refused += 1;
  if (end === 'torn') log.warn('journal.torn', { file: path, records: payloads.length });
  if (end === 'damaged' || refused > 0) {
    const aside = path.replace(/\.taken$/, '.damaged');
    log.error('journal.damaged', { file: aside, records: payloads.length, refused, end });
    await rename(path, aside);
  } else await rm(path, { force: true });
  return payloads.length - refused;
}

async function readIfExists(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return null;
    throw cause;
  }
}
