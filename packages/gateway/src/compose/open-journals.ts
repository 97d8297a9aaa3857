import { join } from 'node:path';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import type { Log } from '../observe/log.ts';

/** Anybody can send calls, and whose they are is not always known while the store is away: the disk must not fill. */
const callsBytesMax = 256 * 1024 * 1024;

/** What is kept in the data folder while the database is away. */
export interface Journals {
  /** Results of sends. */
  readonly results: Journal;
  /** Calls of inboxes that do not repeat them for long. */
  readonly calls: Journal;
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
  return {
    results,
    calls,
    async close() {
      await results.close();
      await calls.close();
    },
  };
}
