import { readFileSync } from 'node:fs';
import { isErrorCode } from '../errors/error-code.ts';

export type ProcessState =
  /**
   * `startedAt` is in the kernel's ticks. With the pid it identifies one process. Empty if the system does not report
   * it.
   */
  { readonly kind: 'alive'; readonly startedAt: string } | { readonly kind: 'zombie' } | { readonly kind: 'gone' };

/** A zombie accepts signals like a living process, so on Linux this reads the process table. */
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
  // proc(5): the name in brackets may contain anything. After it come the state (field 3) and the start time (field
  // 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? { kind: 'zombie' } : { kind: 'alive', startedAt: fields[19] ?? '' };
}

/** Sends the signal. False if there is no such process. */
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
