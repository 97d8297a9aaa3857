import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { createBatcher } from '../store/database/batcher.ts';
import { readFrames } from './frames.ts';
import { createJournalFile, type JournalFile } from './journal-file.ts';

/** What must outlive this process and cannot go to the store now. Several processes may share the folder. */
export interface Journal {
  /** On disk, flushed, when it resolves. Rejects where the disk fails or the journal is full. */
  append(payload: Buffer): Promise<void>;
  /** Whether something lies here, as far as this process knows: its own, and what it found when it last looked. */
  hasRecords(): boolean;
  /**
   * Hands over what lies in the folder, also what other processes left, in the order in which each wrote it. A file goes when
   * all of it was handed over; where `take` rejects, it stays, and so do those after it. Where `take` answers false, the record
   * can never be taken: the file is set aside. Resolves with the count of records taken.
   */
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly folder: string;
  /** What it holds, the start of its file names: `results`. */
  readonly name: string;
  /** Whose records these are: those of another database are left alone. */
  readonly installationId: string;
  readonly epoch: number;
  readonly schedule: (run: () => void) => void;
  readonly log: {
    error(event: string, fields: Readonly<Record<string, unknown>>): void;
    warn(event: string, fields: Readonly<Record<string, unknown>>): void;
  };
  /** What the files of this process may hold together. */
  readonly bytesMax?: number;
}

/** Thrown by `append` when the journal holds as much as it may. */
export class JournalFullError extends Error {
  override readonly name = 'JournalFullError';
}

/** `results-<installation>-<epoch>-<part>.log`, `.log.taken` while it is read, `.log.damaged` where it cannot be. */
const digits = 12;
const takenSuffix = '.taken';

/** Opens the journal. The folder must be writable from the start: when it is needed it is too late. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, name, installationId, epoch, schedule, log, bytesMax = Number.POSITIVE_INFINITY } = options;
  const prefix = `${name}-${installationId}-`;
  const ours = new RegExp(`^${prefix}\\d{${digits}}-\\d{${digits}}\\.log(?:\\${takenSuffix})?$`);
  await mkdir(folder, { recursive: true, mode: 0o700 });

  const list = async (): Promise<readonly string[]> => (await readdir(folder)).filter((file) => ours.test(file)).sort();
  let isEmpty = (await list()).length === 0;
  let appends = 0;
  let unwritten = 0;
  let file: JournalFile | null = null;
  let isFileTaken = false;
  let part = 0;
  let bytes = 0;

  const startFile = async (): Promise<JournalFile> => {
    part += 1;
    const padded = [epoch, part].map((number) => String(number).padStart(digits, '0')).join('-');
    return createJournalFile(join(folder, `${prefix}${padded}.log`));
  };
  const leaveFile = async (): Promise<void> => {
    const left = file;
    file = null;
    isFileTaken = false;
    // Everything that counts in it is flushed.
    await left?.close().catch((err: unknown) => log.warn('journal.unclosed', { err, name }));
  };

  const append = async (payloads: readonly Buffer[]): Promise<readonly null[]> => {
    const size = payloads.reduce((sum, payload) => sum + payload.length, 0);
    if (bytes + size > bytesMax) throw new JournalFullError(`the journal of ${name} holds ${bytes} bytes already`);
    try {
      if (isFileTaken) await leaveFile();
      do {
        file ??= await startFile();
        if (await file.append(payloads)) break;
        await leaveFile();
      } while (file === null);
    } catch (cause) {
      // Its tail may be torn: what comes next must stand in another file.
      await leaveFile();
      throw cause;
    }
    bytes += size;
    return payloads.map(() => null);
  };
  const batches = createBatcher<Buffer, null>({
    runOne: async (payload) => (await append([payload]))[0] ?? null,
    runMany: append,
    schedule,
  });

  /** Takes a file over: from here on its owner writes elsewhere. Null where another process was faster. */
  const takeFile = async (found: string): Promise<string | null> => {
    if (found.endsWith(takenSuffix)) return found;
    try {
      await rename(join(folder, found), join(folder, `${found}${takenSuffix}`));
      return `${found}${takenSuffix}`;
    } catch (cause) {
      if (isErrorCode(cause, 'ENOENT')) return null;
      throw cause;
    }
  };

  const drainFile = async (taken: string, take: (payload: Buffer) => Promise<boolean>): Promise<number> => {
    const path = join(folder, taken);
    let content: Buffer;
    try {
      content = await readFile(path);
    } catch (cause) {
      if (isErrorCode(cause, 'ENOENT')) return 0;
      throw cause;
    }
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
  };

  return {
    append: async (payload) => {
      isEmpty = false;
      appends += 1;
      unwritten += 1;
      try {
        await batches.submit(payload);
      } finally {
        unwritten -= 1;
      }
    },
    hasRecords: () => !isEmpty,
    close: leaveFile,
    async drain(take) {
      let count = 0;
      for (;;) {
        const [before, hadUnwritten] = [appends, unwritten > 0];
        const found = await list();
        if (found.length === 0) {
          // What was appended while we looked may have no file yet.
          isEmpty = appends === before && !hadUnwritten;
          if (isEmpty) bytes = 0;
          return count;
        }
        isEmpty = false;
        // Ours may be among them.
        isFileTaken = file !== null;
        for (const one of found) {
          const taken = await takeFile(one);
          if (taken !== null) count += await drainFile(taken, take);
        }
      }
    },
  };
}
