import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { callJson } from '@chatferry/testkit/processes/call-json';
import { startNodeProcess } from '@chatferry/testkit/processes/node-process';
import type { TimedRecord } from '../judge/records.ts';

/** The process of `main.ts`, and the routes that drive its simulators. */
export interface FarSide {
  readonly url: string;
  /** Calls a control route; throws when it is refused. */
  control<T>(path: string, body?: unknown, method?: string): Promise<T>;
  /** What the providers have accepted so far, read from the journal. */
  journal(): readonly TimedRecord[];
  stop(): Promise<void>;
}

export async function startFarSide(journalPath: string): Promise<FarSide> {
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = startNodeProcess({ name: 'The simulated providers', args: ['--import', 'tsx', program, journalPath] });
  const url = await child.waitForLine((line) => /^providers at (.*)$/.exec(line)?.[1] ?? null);
  const journal = followJournal(journalPath);
  return {
    url,
    control: (path, body, method) => callJson(`${url}/control${path}`, body, method === undefined ? {} : { method }),
    journal: () => journal.read(),
    async stop() {
      journal.close();
      await child.stop();
    },
  };
}

/** Reads on where it stopped: a long campaign asks often. */
function followJournal(path: string) {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(64 * 1024);
  const records: TimedRecord[] = [];
  let rest = Buffer.alloc(0);
  return {
    read(): readonly TimedRecord[] {
      for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
        rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      }
      const end = rest.lastIndexOf('\n') + 1;
      const lines = rest.subarray(0, end).toString('utf8').split('\n');
      rest = rest.subarray(end);
      for (const line of lines) if (line !== '') records.push(JSON.parse(line) as TimedRecord);
      return records;
    },
    close: () => closeSync(file),
  };
}
