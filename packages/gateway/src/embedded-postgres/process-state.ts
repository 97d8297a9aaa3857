import { readFileSync } from 'node:fs';
import { isErrorCode } from '../errors/error-code.ts';

export type ProcessState =
  /** `startedAt` is in the kernel's own ticks; with the pid it names one process for ever. Empty where the system does not tell. */
  { readonly kind: 'alive'; readonly startedAt: string } | { readonly kind: 'zombie' } | { readonly kind: 'gone' };

/** A zombie answers signals like a living process, so on Linux the process table is asked. */
export function inspectProcess(pid: number): ProcessState {
  if (process.platform !== 'linux') {
    return signalProcess(pid, 0) ? { kind: 'alive', startedAt: '' } : { kind: 'gone' };
  }
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ESRCH')) {
      return { kind: 'gone' };
    }
    throw error;
  }
  // proc(5): the name is in brackets and may hold anything; after it come the state (field 3) and the start time (field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? { kind: 'zombie' } : { kind: 'alive', startedAt: fields[19] ?? '' };
}

/** Sends the signal; false when there is no such process. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (isErrorCode(error, 'ESRCH')) {
      return false;
    }
    if (isErrorCode(error, 'EPERM') && signal === 0) {
      return true;
    }
    throw error;
  }
}
