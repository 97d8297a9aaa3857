import { join } from 'node:path';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { createSetAsideFiles, type SetAsideFiles } from '../journal/set-aside-files.ts';
import type { Log } from '../observe/log.ts';

/** The limit protects the disk. */
const callsBytesMax = 256 * 1024 * 1024;

/** The records in the data folder that wait for the database. */
export interface Journals {
  /** Results of sends. */
  readonly results: Journal;
  /** Calls of inboxes that repeat their calls only for a short time. */
  readonly calls: Journal;
  /** Such calls that could not be verified without the database. */
  readonly unverifiedCalls: Journal;
  /** Files that could not be read completely. */
  readonly setAside: SetAsideFiles;
  close(): Promise<void>;
}

export async function openJournals(parts: {
  readonly dataDir: string;
  readonly installationId: string;
  readonly epoch: number;
  readonly log: Log;
}): Promise<Journals> {
  const { dataDir, installationId, epoch, log } = parts;
  const folder = join(dataDir, 'journal');
  const open = (name: string, bytesMax?: number) =>
    inDataFolder(dataDir, () =>
      openJournal({
        folder,
        name,
        installationId,
        epoch,
        schedule: setImmediate,
        log,
        ...(bytesMax === undefined ? {} : { bytesMax }),
      }),
    );
  const results = await open('results');
  const calls = await open('calls', callsBytesMax);
  const unverifiedCalls = await open('unverified-calls', callsBytesMax);
  return {
    results,
    calls,
    unverifiedCalls,
    setAside: createSetAsideFiles({ folder, installationId, log }),
    async close() {
      await results.close();
      await calls.close();
      await unverifiedCalls.close();
    },
  };
}
