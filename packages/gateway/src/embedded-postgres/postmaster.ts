import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readFileSync, readlinkSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createFileSync, openEmptied } from '../data-folder/create-file.ts';
import { isErrorCode } from '../errors/error-code.ts';
import type { Clock } from '../ports/clock.ts';
import type { Binaries } from './binaries.ts';
import { type EmbeddedPaths, socketFileIn, socketPort } from './paths.ts';
import { inspectProcess, signalProcess } from './process-state.ts';
import type { RunUser } from './run-user.ts';

/**
 * The content of `postmaster.pid`, compared with the process table. `absent`: there is no file. `running`: the
 * process is the server of this cluster. `stale`: the process is gone, a zombie, or another program.
 */
export type Postmaster =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running'; readonly pid: number; readonly socketFolder: string | undefined }
  | { readonly kind: 'stale'; readonly pid: number; readonly socketFolder: string | undefined };

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '128MB',
  // The product promises durability, so an edited configuration file must not switch it off.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // One week of logs, which are overwritten. The collector reads its own pipe, so it survives the gateway.
  logging_collector: 'on',
  log_filename: 'postgres-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_checkpoints: 'off',
};

export function readPostmaster(cluster: string): Postmaster {
  let lines: readonly string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) {
      return { kind: 'absent' };
    }
    throw error;
  }
  // PostgreSQL: line 1 is the pid, line 5 the first socket folder (empty until it listens).
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const socketFolder = lines[4] === undefined || lines[4] === '' ? undefined : lines[4];
  const alive = pid > 0 && pid !== process.pid && inspectProcess(pid).kind === 'alive' && !isOtherProgram(pid, cluster);
  return { kind: alive ? 'running' : 'stale', pid, socketFolder };
}

/** A started server. `ended` says whether its process has ended. */
export interface Started {
  readonly child: ChildProcess;
  ended(): boolean;
}

/**
 * Starts the server in its own session, so that a Ctrl-C in the terminal reaches the gateway and not the database.
 */
export function startPostmaster(paths: EmbeddedPaths, binaries: Binaries, user: RunUser): Started {
  const all = { ...settings, unix_socket_directories: `"${paths.socketFolder}"`, log_directory: paths.logs };
  const args = ['-D', paths.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // A new file each time: the old one may belong to another user, and a root process must not follow a link.
  rmSync(paths.startLog, { force: true });
  const startLog = createFileSync(paths.startLog);
  try {
    const child = spawn(binaries.postgres, args, {
      cwd: paths.home,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', startLog, startLog],
      detached: true,
      ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
    });
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    child.unref();
    return { child, ended: () => ended };
  } finally {
    closeSync(startLog);
  }
}

/**
 * Removes the lock files of a dead server, which would prevent a start. PostgreSQL respects a lock file while any
 * process of its user has the process id in it, even a zombie or another program. Instead of deleting
 * `postmaster.pid`, this writes the gateway's own process id into it. PostgreSQL ignores the id of its parent, and
 * still checks the shared memory that the file names for orphaned backends.
 */
export function clearStaleLocks(cluster: string, stale: Extract<Postmaster, { kind: 'stale' }>, folder: string): void {
  const file = join(cluster, 'postmaster.pid');
  const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
  if (first !== String(stale.pid)) {
    return;
  }
  const writable = openEmptied(file);
  try {
    writeSync(writable, [String(process.pid), ...rest].join('\n'));
  } finally {
    closeSync(writable);
  }
  for (const socketFolder of new Set([folder, stale.socketFolder ?? folder])) {
    rmSync(`${socketFileIn(socketFolder)}.lock`, { force: true });
    rmSync(socketFileIn(socketFolder), { force: true });
  }
}

/**
 * Stops the server: fast (closes sessions, writes everything), then immediately, then by force. Each is safe for the
 * data. Resolves with whether the server ended.
 */
export async function stopPostmaster(cluster: string, pid: number, clock: Clock): Promise<boolean> {
  const steps = [
    { signal: 'SIGINT', waitMs: 60_000 },
    { signal: 'SIGQUIT', waitMs: 10_000 },
    { signal: 'SIGKILL', waitMs: 10_000 },
  ] as const;
  return stopInSteps(cluster, pid, steps, clock);
}

/** The same for a server that does not answer, with shorter waits. */
export async function stopHungPostmaster(cluster: string, pid: number, clock: Clock): Promise<boolean> {
  const steps = [
    { signal: 'SIGINT', waitMs: 2_000 },
    { signal: 'SIGQUIT', waitMs: 2_000 },
    { signal: 'SIGKILL', waitMs: 10_000 },
  ] as const;
  return stopInSteps(cluster, pid, steps, clock);
}

async function stopInSteps(
  cluster: string,
  pid: number,
  steps: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[],
  clock: Clock,
): Promise<boolean> {
  const hasEnded = (): boolean => {
    const now = readPostmaster(cluster);
    return (now.kind !== 'running' || now.pid !== pid) && inspectProcess(pid).kind !== 'alive';
  };
  for (const { signal, waitMs } of steps) {
    if (!hasEnded()) {
      signalProcess(pid, signal);
    }
    const deadlineMs = clock.monotonicMs() + waitMs;
    while (!hasEnded() && clock.monotonicMs() < deadlineMs) {
      await clock.sleep(10);
    }
    if (hasEnded()) {
      return true;
    }
  }
  return false;
}

/** The working folder of PostgreSQL is its data folder. A process with another one only has the same process id. */
function isOtherProgram(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') {
    return false;
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(cluster);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'EACCES', 'ESRCH')) {
      return true;
    }
    throw error;
  }
}
