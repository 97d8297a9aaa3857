import { join } from 'node:path';
import { openLineFile } from './line-file.ts';

/** One recorded head of the audit log: its digest, and how many entries there were. */
export interface RecordedHead {
  readonly head: string;
  readonly entries: number;
}

/** The heads of the audit log that were recorded in the data folder, out of reach of those who can change the database. */
export interface AuditHeads {
  record(head: RecordedHead, atMs: number): Promise<void>;
  /** The database was restored from a backup: it has no entries from after the backup. */
  noteRestore(atMs: number): Promise<void>;
  /** The heads that the log of the database must have, the oldest first. */
  list(): Promise<readonly RecordedHead[]>;
}

export function openAuditHeads(dataDir: string): AuditHeads {
  const file = openLineFile(join(dataDir, 'audit-heads.log'));
  const append = (atMs: number, fields: object): Promise<void> =>
    file.append(JSON.stringify({ at: new Date(atMs).toISOString(), ...fields }));
  return {
    record: ({ head, entries }, atMs) => append(atMs, { head, entries }),
    noteRestore: (atMs) => append(atMs, { restored: true }),
    async list() {
      const lines = (await file.readLines()).flatMap(parseLine);
      return lines.slice(lines.lastIndexOf('restored') + 1).filter((line) => line !== 'restored');
    },
  };
}

/** Nothing for a line that a crash cut off. */
function parseLine(line: string): readonly (RecordedHead | 'restored')[] {
  try {
    const { head, entries, restored } = JSON.parse(line);
    if (restored === true) return ['restored'];
    return typeof head === 'string' && typeof entries === 'number' ? [{ head, entries }] : [];
  } catch {
    return [];
  }
}
