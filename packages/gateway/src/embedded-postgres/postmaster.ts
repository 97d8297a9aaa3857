import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readlinkSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import type { Clock } from '../ports/clock.ts';
import type { Binaries } from './binaries.ts';
import { type EmbeddedPaths, socketFileIn, socketPort } from './paths.ts';
import { inspectProcess, signalProcess } from './process-state.ts';
import type { RunUser } from './run-user.ts';

/**
 * What `postmaster.pid` says, checked against the process table:
 * `absent` no file · `running` that process is the server of this cluster · `stale` it is gone, a zombie, or another program.
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
  // Durability is a promise of the product, so an edited configuration file cannot take it away.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // A week of logs that overwrite themselves. The collector reads a pipe of its own, so it outlives the gateway.
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

/** A started server. `ended` turns true when the process is over. */
export interface Started {
  readonly child: ChildProcess;
  ended(): boolean;
}

/** Starts the server in a session of its own, so that a Ctrl-C in the terminal reaches the gateway and not the database. */
export function startPostmaster(paths: EmbeddedPaths, binaries: Binaries, user: RunUser): Started {
  const all = { ...settings, unix_socket_directories: `"${paths.socketFolder}"`, log_directory: paths.logs };
  const args = ['-D', paths.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  // Made anew each time: it may have been another user's, and a root process follows no link there.
  rmSync(paths.startLog, { force: true });
  const startLog = openSync(paths.startLog, 'wx', 0o600);
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
 * Takes away what a server that is no more left in the next one's path. PostgreSQL believes a lock file as long as any process
 * of its user has that number, also a zombie or another program. Instead of deleting `postmaster.pid` we write our own number
 * into it: PostgreSQL ignores its parent's, and still checks the shared memory noted there for orphaned backends.
 */
export function clearStaleLocks(cluster: string, stale: Extract<Postmaster, { kind: 'stale' }>, folder: string): void {
  const file = join(cluster, 'postmaster.pid');
  const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
  if (first !== String(stale.pid)) {
    return;
  }
  const writable = openSync(file, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
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
 * Ends the server: fast (sessions are cut, everything is written), then immediate, then by force; each is safe for the data.
 * Resolves when it is gone; false when it would not go.
 */
export async function stopPostmaster(cluster: string, pid: number, clock: Clock): Promise<boolean> {
  const steps = [
    { signal: 'SIGINT', patienceMs: 60_000 },
    { signal: 'SIGQUIT', patienceMs: 10_000 },
    { signal: 'SIGKILL', patienceMs: 10_000 },
  ] as const;
  return stopInSteps(cluster, pid, steps, clock);
}

/** The same for a server that does not answer: it gets no minute to be polite. */
export async function stopHungPostmaster(cluster: string, pid: number, clock: Clock): Promise<boolean> {
  const steps = [
    { signal: 'SIGINT', patienceMs: 2_000 },
    { signal: 'SIGQUIT', patienceMs: 2_000 },
    { signal: 'SIGKILL', patienceMs: 10_000 },
  ] as const;
  return stopInSteps(cluster, pid, steps, clock);
}

async function stopInSteps(
  cluster: string,
  pid: number,
  steps: readonly { readonly signal: NodeJS.Signals; readonly patienceMs: number }[],
  clock: Clock,
): Promise<boolean> {
  const gone = (): boolean => {
    const now = readPostmaster(cluster);
    return (now.kind !== 'running' || now.pid !== pid) && inspectProcess(pid).kind !== 'alive';
  };
  for (const { signal, patienceMs } of steps) {
    if (!gone()) {
      signalProcess(pid, signal);
    }
    const deadlineMs = clock.monotonicMs() + patienceMs;
    while (!gone() && clock.monotonicMs() < deadlineMs) {
      await clock.sleep(10);
    }
    if (gone()) {
      return true;
    }
  }
  return false;
}

/** PostgreSQL makes its data folder its working folder, so a process with another one only inherited the number. */
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
