import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sizeIfThere } from '../data-folder/read-if-there.ts';
import { createBatcher } from '../store/database/batcher.ts';
import { drainFile, takeFile, takenSuffix } from './drain-file.ts';
import { createJournalWriter, type JournalLog, type JournalWriter } from './journal-writer.ts';

/** Records that must survive this process and cannot be stored now. Several processes may share the folder. */
export interface Journal {
  /** The record is on disk and flushed when this resolves. Rejects if the disk fails, or if the journal is full. */
  append(payload: Buffer): Promise<void>;
  /** Whether the folder has records, as far as this process knows: its own, and those that its last `drain` found. */
  hasRecords(): boolean;
  /** What the files of the folder held when it was opened. */
  readonly foundBytes: number;
  /**
   * Gives all records of the folder to `take`, including those of other processes, in the order in which each process
   * wrote them. A file is deleted after all of its records were given. If `take` rejects, this file and the later
   * ones stay. If `take` returns false, the record can never be accepted, and its file is set aside. Resolves with
   * the number of accepted records.
   */
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly folder: string;
  /** The start of the file names, which says what the journal contains: `results`. */
  readonly name: string;
  /** The database of the records. Files of another database are ignored. */
  readonly installationId: string;
  readonly epoch: number;
  readonly schedule: (run: () => void) => void;
  readonly log: JournalLog;
  /** The most bytes that the files of this process may hold together. Default: no limit. */
  readonly bytesMax?: number;
}

const digits = 12;
const padded = (number: number): string => String(number).padStart(digits, '0');

/**
 * Opens the journal. Rejects if the folder cannot be created or listed. The first write comes later: only then does a
 * folder that cannot be written show. The files are called `results-<installation>-<epoch>-<part>.log`. They end in
 * `.log.taken` while they are read, and in `.log.damaged` if they cannot be read completely.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, name, installationId, epoch, schedule, log, bytesMax = Number.POSITIVE_INFINITY } = options;
  const prefix = `${name}-${installationId}-`;
  const isOfThisJournal = new RegExp(`^${prefix}\\d{${digits}}-\\d{${digits}}\\.log(?:\\${takenSuffix})?$`);
  await mkdir(folder, { recursive: true, mode: 0o700 });

  const list = async (): Promise<readonly string[]> =>
    (await readdir(folder)).filter((file) => isOfThisJournal.test(file)).sort();
  const writer = createJournalWriter({
    name,
    pathOfPart: (part) => join(folder, `${prefix}${padded(epoch)}-${padded(part)}.log`),
    bytesMax,
    log,
  });
  const batches = createBatcher<Buffer, null>({
    runOne: async (payload) => (await writer.append([payload]))[0] ?? null,
    runMany: writer.append,
    schedule,
  });
  const found = await list();
  const sizes = await Promise.all(found.map((file) => sizeIfThere(join(folder, file))));
  const foundBytes = sizes.reduce((sum, size) => sum + size, 0);
  return createJournal({ list, writer, submit: batches.submit, folder, log, isEmpty: found.length === 0, foundBytes });
}

interface JournalParts {
  readonly list: () => Promise<readonly string[]>;
  readonly writer: JournalWriter;
  readonly submit: (payload: Buffer) => Promise<null>;
  readonly folder: string;
  readonly log: JournalLog;
  readonly isEmpty: boolean;
  readonly foundBytes: number;
}

function createJournal({ list, writer, submit, folder, log, ...found }: JournalParts): Journal {
  let { isEmpty } = found;
  let appendCount = 0;
  let unwrittenCount = 0;

  const drainFiles = async (files: readonly string[], take: (payload: Buffer) => Promise<boolean>): Promise<number> => {
    let count = 0;
    for (const file of files) {
      const taken = await takeFile(folder, file);
      if (taken !== null) count += await drainFile(join(folder, taken), take, log);
    }
    return count;
  };

  return {
    async append(payload) {
      // Before the write, so that a record is never overlooked.
      isEmpty = false;
      appendCount += 1;
      unwrittenCount += 1;
      try {
        await submit(payload);
      } finally {
        unwrittenCount -= 1;
      }
    },
    hasRecords: () => !isEmpty,
    foundBytes: found.foundBytes,
    close: writer.closeFile,
    async drain(take) {
      let count = 0;
      for (;;) {
        const appendsBefore = appendCount;
        const hadUnwritten = unwrittenCount > 0;
        const files = await list();
        if (files.length === 0) {
          // A record that was appended during the listing may not have a file yet.
          isEmpty = appendCount === appendsBefore && !hadUnwritten;
          if (isEmpty) writer.forgetSize();
          return count;
        }
        isEmpty = false;
        // The current file of this process may be among the files.
        writer.startNewFile();
        count += await drainFiles(files, take);
      }
    },
  };
}
