import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 10_000;
const lookEveryMs = 20;

/**
 * Ends the PostgreSQL that a gateway which was killed has left running. PostgreSQL: the first line of
 * `postmaster.pid` is its process, and the file is gone when it has ended in order.
 */
export async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const pid = readPid(file);
  if (pid === null || !signal(pid, 'SIGQUIT')) return;
  const untilMs = performance.now() + patienceMs;
  while (signal(pid, 0)) {
    if (performance.now() > untilMs) signal(pid, 'SIGKILL');
    await pause(lookEveryMs);
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : null;
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null;
    throw cause;
  }
}

/** Whether the process was there to get it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (cause) {
    if (isCode(cause, 'ESRCH')) return false;
    throw cause;
  }
}

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;
