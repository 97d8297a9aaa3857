import { join } from 'node:path';
import { type Journal, openJournal } from '../journal/journal.ts';
import type { Log } from '../observe/log.ts';
import { inDataFolder } from '../store/data-folder.ts';

/** What is kept in the data folder while the database is away. */
export interface Journals {
  /** Results of sends. */
  readonly results: Journal;
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
  const open = (name: string) =>
    inDataFolder(dataDir, () => openJournal({ folder, name, installationId, epoch, schedule: setImmediate, log }));
  const results = await open('results');
  return { results, close: results.close };
}
