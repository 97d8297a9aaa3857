import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FarRecord } from '../judge/records.ts';
import { callJson } from './call-json.ts';

/** The process of `main.ts`, and the routes that drive its simulators. */
export interface FarSide {
  readonly url: string;
  /** Calls a control route; throws when it is refused. */
  control<T>(path: string, body?: unknown, method?: string): Promise<T>;
  /** What it has accepted until now, read from its journal. */
  journal(): readonly FarRecord[];
  stop(): Promise<void>;
}

export async function startFarSide(journalPath: string): Promise<FarSide> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url)), journalPath],
    // It ends with the one who started it: its input is closed then.
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const url = await addressOf(child);
  const journal = followJournal(journalPath);
  return {
    url,
    control: (path, body, method) => callJson(`${url}/control${path}`, body, method),
    journal: () => journal.read(),
    async stop() {
      journal.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the far side has no output');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The far side ended at its start.')));
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => undefined);
  return line.replace(/^far side at /, '');
}

/** Reads on where it stopped: a long campaign asks often. */
function followJournal(path: string) {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(64 * 1024);
  const records: FarRecord[] = [];
  let rest = Buffer.alloc(0);
  return {
    read(): readonly FarRecord[] {
      for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
        rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      }
      const end = rest.lastIndexOf('\n') + 1;
      const lines = rest.subarray(0, end).toString('utf8').split('\n');
      rest = rest.subarray(end);
      for (const line of lines) if (line !== '') records.push(JSON.parse(line) as FarRecord);
      return records;
    },
    close: () => closeSync(file),
  };
}
