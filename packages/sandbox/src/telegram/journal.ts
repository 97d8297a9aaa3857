import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { SentRecord } from './world.ts';

/**
 * A file with one JSON line for each accepted message. Each line is flushed, so it survives a crash of this process.
 */
export interface Journal {
  append(record: SentRecord): void;
  close(): void;
}

export function openJournal(path: string): Journal {
  const file = openSync(path, 'a');
  return {
    append(record) {
      writeSync(file, `${JSON.stringify(record)}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}
