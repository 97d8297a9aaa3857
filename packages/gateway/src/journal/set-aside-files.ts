import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import type { JournalLog } from './journal-writer.ts';

/** A file that could not be read completely. */
export interface SetAsideFile {
  readonly path: string;
  /** When it is deleted at the latest. */
  readonly deletedAtMs: number;
}

/**
 * The files of the journal folder that nothing reads any more: damaged ones, and those of another database. Both may contain
 * what customers wrote, and a damaged file does not tell whose words it contains. So each of them has an end.
 */
export interface SetAsideFiles {
  /** The damaged files that the last `sweep` left. */
  damaged(): readonly SetAsideFile[];
  /**
   * Deletes what is older than `setAsideDays`, and every damaged file that was last written before `erasedAtMs`: a customer was
   * erased then. Files of another database that are younger stay, because a gateway of that database may still use them.
   */
  sweep(nowMs: number, erasedAtMs: number | null): Promise<void>;
}

/** As long as erasures are remembered. After that nothing is repeated that the files could be compared with. */
export const setAsideDays = 14;
const setAsideMs = setAsideDays * 24 * 3_600_000;

const journalFile = /^[a-z]+-(.+)-\d{12}-\d{12}\.log(\.taken|\.damaged)?$/;

export function createSetAsideFiles({
  folder,
  installationId,
  log,
}: {
  readonly folder: string;
  readonly installationId: string;
  readonly log: JournalLog;
}): SetAsideFiles {
  let damaged: readonly SetAsideFile[] = [];

  const judge = async (file: string, nowMs: number, erasedAtMs: number | null): Promise<SetAsideFile | null> => {
    const [, owner, end] = journalFile.exec(file) ?? [];
    const isDamaged = end === '.damaged';
    if (owner === undefined || (!isDamaged && owner === installationId)) return null;
    const path = join(folder, file);
    const writtenAtMs = await writtenAt(path);
    if (writtenAtMs === null) return null;
    const isErased = isDamaged && erasedAtMs !== null && writtenAtMs <= erasedAtMs;
    const deletedAtMs = writtenAtMs + setAsideMs;
    if (!isErased && nowMs < deletedAtMs) return isDamaged ? { path, deletedAtMs } : null;
    await rm(path, { force: true });
    log.warn('journal.deleted', {
      file: path,
      reason: isErased ? 'a customer was erased' : `${setAsideDays} days old`,
    });
    return null;
  };

  return {
    damaged: () => damaged,
    async sweep(nowMs, erasedAtMs) {
      const left: SetAsideFile[] = [];
      for (const file of await readdir(folder)) {
        const kept = await judge(file, nowMs, erasedAtMs);
        if (kept !== null) left.push(kept);
      }
      damaged = left;
    },
  };
}

/** Setting a file aside does not change this time. Null if another process deleted the file. */
async function writtenAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return null;
    throw cause;
  }
}
