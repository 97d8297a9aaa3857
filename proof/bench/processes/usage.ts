import { readdirSync, readFileSync } from 'node:fs';

/** procfs counts in hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for. */
  readonly ended: number;
}

/** CPU seconds that the process itself has used, without its children. */
export const cpuSecondsOf = (pid: number): number => statOf(pid)?.own ?? 0;

/** CPU seconds of the process and all below it, also of those that have ended. */
export function cpuSecondsOfTree(root: number): number {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat) stats.set(Number(name), stat);
  }
  const sumBelow = (pid: number): number => {
    const stat = stats.get(pid);
    if (!stat) return 0;
    const below = [...stats].filter(([, { parent }]) => parent === pid);
    return below.reduce((sum, [child]) => sum + sumBelow(child), stat.own + stat.ended);
  };
  return sumBelow(root);
}

/** Resident memory in MiB. */
export function residentMibOf(pid: number): number {
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

/** Null for a process that has just ended. */
function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return null;
    throw cause;
  }
  // The name of the program may hold spaces and brackets; the numbers begin behind its last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index] ?? 0);
  return {
    parent: field(1),
    own: (field(11) + field(12)) / ticksPerSecond,
    ended: (field(13) + field(14)) / ticksPerSecond,
  };
}
