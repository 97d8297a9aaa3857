import { createJournalFile, type JournalFile } from './journal-file.ts';

export interface JournalLog {
  error(event: string, fields: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Thrown by `append` when the journal is full. */
export class JournalFullError extends Error {
  override readonly name = 'JournalFullError';
}

export interface JournalWriterOptions {
  /** The name of the journal, for messages. */
  readonly name: string;
  /** The path of the n-th file of this process. */
  readonly pathOfPart: (part: number) => string;
  /** The most bytes that this process may have in its files. */
  readonly bytesMax: number;
  readonly log: JournalLog;
}

/** Writes records to the current file of this process, and starts another file when it has to. */
export interface JournalWriter {
  append(payloads: readonly Buffer[]): Promise<readonly null[]>;
  /** The current file may already be taken over, so the next record goes to another file. */
  startNewFile(): void;
  /** All files were read and deleted. */
  forgetSize(): void;
  closeFile(): Promise<void>;
}

export function createJournalWriter({ name, pathOfPart, bytesMax, log }: JournalWriterOptions): JournalWriter {
  let file: JournalFile | null = null;
  let isFileTaken = false;
  let part = 0;
  let bytes = 0;

  const closeFile = async (): Promise<void> => {
    const closing = file;
    file = null;
    isFileTaken = false;
    // An error is harmless here: every confirmed record was flushed.
    await closing?.close().catch((err: unknown) => log.warn('journal.unclosed', { err, name }));
  };

  const appendToFile = async (payloads: readonly Buffer[]): Promise<void> => {
    if (isFileTaken) await closeFile();
    for (;;) {
      if (file === null) {
        part += 1;
        file = await createJournalFile(pathOfPart(part));
      }
      if (await file.append(payloads)) return;
      await closeFile();
    }
  };

  return {
    async append(payloads) {
      const size = payloads.reduce((sum, payload) => sum + payload.length, 0);
      if (bytes + size > bytesMax) throw new JournalFullError(`The journal ${name} is full: it holds ${bytes} bytes.`);
      try {
        await appendToFile(payloads);
      } catch (cause) {
        // The end of the file may be torn, so the next record must go to another file.
        await closeFile();
        throw cause;
      }
      bytes += size;
      return payloads.map(() => null);
    },
    startNewFile: () => {
      isFileTaken = file !== null;
    },
    forgetSize: () => {
      bytes = 0;
    },
    closeFile,
  };
}
