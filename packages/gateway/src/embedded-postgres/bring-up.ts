import { readFile, rm } from 'node:fs/promises';
import type pg from 'pg';
import { createFile } from '../data-folder/create-file.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreLog } from '../ports/log.ts';
import type { Binaries } from './binaries.ts';
import { lockFolder } from './lock-folder.ts';
import type { EmbeddedPaths } from './paths.ts';
import {
  clearStaleLocks,
  readPostmaster,
  type Started,
  startPostmaster,
  stopHungPostmaster,
  stopPostmaster,
} from './postmaster.ts';
import { probeServer, readServerVersion } from './probe-server.ts';
import { inspectProcess } from './process-state.ts';
import type { RunUser } from './run-user.ts';

/** Everything that is needed to find or start the server. */
export interface Site {
  readonly paths: EmbeddedPaths;
  readonly user: RunUser;
  readonly binaries: Binaries;
  readonly clock: Clock;
  readonly log: StoreLog;
}

export interface Running {
  /** The session with the folder's lock. When it ends, the server has ended. */
  readonly guard: pg.Client;
  readonly pid: number;
  readonly socketFolder: string;
  readonly adopted: boolean;
}

const probeEveryMs = 15;
const connectTimeoutMs = 2_000;
/** A living server that does not listen is starting or ending. After this time it counts as hung. */
const quietMs = 5_000;
/** Recovery after a crash reads the log since the last checkpoint, at most a few gigabytes. */
const busyMs = 600_000;
/**
 * How often a server that ended silently during its start is started again. It may have been killed during recovery.
 */
const silentEndsMax = 3;
/** The sessions of a killed server need a moment to end. Until then PostgreSQL refuses to start. */
const orphanedSessionsMs = 15_000;

/**
 * Returns a running server whose folder is locked by this process. It starts a server, waits for one, or takes one
 * over:
 *
 * | the socket | the lock file says | then |
 * |---|---|---|
 * | answers | anything | lock the folder, or report which gateway has it |
 * | "starting up", "shutting down" | anything | wait |
 * | is absent | absent, stale | start a server |
 * | is absent or silent | running | wait a little, then stop it, unless a living gateway uses it |
 * | is silent | absent, stale | wait a little, then report it: its process is invisible, as in another container |
 *
 * The socket is checked first, because it is more reliable: process ids have no meaning across containers. Rejects
 * with a `StartError` if the folder is in use, or if PostgreSQL cannot start.
 */
export async function bringUp(site: Site): Promise<Running> {
  const { paths, clock } = site;
  const beganMs = clock.monotonicMs();
  let quietSinceMs = beganMs;
  let started: Started | undefined;
  let ends = 0;
  while (clock.monotonicMs() - beganMs < busyMs) {
    const postmaster = readPostmaster(paths.cluster);
    const socketFolder = (postmaster.kind === 'absent' ? undefined : postmaster.socketFolder) ?? paths.socketFolder;
    const probe = await probeServer(socketFolder, connectTimeoutMs);
    if (probe.kind === 'ready') {
      const running = await takeOver(site, probe.client, socketFolder, started);
      if (running !== undefined) {
        return running;
      }
      started = undefined;
      quietSinceMs = clock.monotonicMs();
    } else if (probe.kind === 'busy') {
      quietSinceMs = clock.monotonicMs();
    } else if (postmaster.kind === 'running') {
      if (clock.monotonicMs() - quietSinceMs > quietMs) {
        await stopHungServer(site, postmaster.pid);
        started = undefined;
        quietSinceMs = clock.monotonicMs();
      }
    } else if (probe.kind === 'hung') {
      if (clock.monotonicMs() - quietSinceMs > quietMs) {
        throw inUseError(
          paths,
          'a PostgreSQL that does not answer and that this process cannot see, perhaps in a container',
        );
      }
    } else if (started === undefined || started.ended()) {
      if (started !== undefined) {
        ends += 1;
        await assertRestartCanHelp(paths, clock.monotonicMs() - beganMs, ends);
      }
      if (postmaster.kind === 'stale') {
        clearStaleLocks(paths.cluster, postmaster, paths.socketFolder);
      }
      started = startPostmaster(paths, site.binaries, site.user);
      quietSinceMs = clock.monotonicMs();
    }
    await clock.sleep(probeEveryMs);
  }
  throw new StartError(`PostgreSQL was not ready within ${busyMs / 60_000} minutes. Its log is in ${paths.logs}.`);
}

/** Undefined if the server had another version and was stopped. */
async function takeOver(
  { paths, binaries, clock, log }: Site,
  guard: pg.Client,
  socketFolder: string,
  started: Started | undefined,
): Promise<Running | undefined> {
  const holder = await lockFolder(guard);
  if (holder !== undefined) {
    await guard.end();
    throw inUseError(paths, holder.heldBy);
  }
  const postmaster = readPostmaster(paths.cluster);
  if (postmaster.kind === 'absent') {
    throw new Error(`PostgreSQL answers on ${socketFolder}, but ${paths.cluster} has no postmaster.pid.`);
  }
  const version = await readServerVersion(guard);
  if (version !== binaries.version) {
    log.warn({ pid: postmaster.pid, version, wanted: binaries.version }, 'postgres.replaced');
    await stopPostmaster(paths.cluster, postmaster.pid, clock);
    await guard.end();
    return undefined;
  }
  await rm(paths.holder, { force: true });
  const holderFile = await createFile(paths.holder);
  await holderFile.writeFile(`${process.pid} ${startedAt(process.pid)}\n`).finally(() => holderFile.close());
  return { guard, pid: postmaster.pid, socketFolder, adopted: started?.child.pid !== postmaster.pid };
}

async function stopHungServer({ paths, clock, log }: Site, pid: number): Promise<void> {
  const [holder = '', since = ''] = await readHolder(paths.holder);
  const holderPid = Number.parseInt(holder, 10);
  if (holderPid !== process.pid && holderPid > 0 && since !== '' && startedAt(holderPid) === since) {
    throw inUseError(paths, `the gateway with process id ${holderPid}, whose PostgreSQL does not answer at the moment`);
  }
  log.warn({ pid }, 'postgres.hung');
  if (!(await stopHungPostmaster(paths.cluster, pid, clock))) {
    throw new StartError(
      `A PostgreSQL in ${paths.cluster} (process id ${pid}) neither answers nor ends. ` +
        'End this process by hand, then start again.',
    );
  }
}

function inUseError(paths: EmbeddedPaths, heldBy: string): StartError {
  return new StartError(
    `The data folder of ${paths.cluster} is in use by ${heldBy}. Stop that gateway first, give this one another data ` +
      'folder, or set DATABASE_URL to a server that both share.',
  );
}

/** Throws a `StartError` with PostgreSQL's message, unless another start can help. */
async function assertRestartCanHelp(paths: EmbeddedPaths, elapsedMs: number, ends: number): Promise<void> {
  const text = (await readFile(paths.startLog, 'utf8')).trim();
  // PostgreSQL: "pre-existing shared memory block … is still in use". "lock file … already exists": another start was
  // faster.
  const isTemporary = /is still in use|lock file ".*" already exists/.test(text);
  // A server that cannot start logs the reason. A server that was killed logs nothing.
  const isSilent = !/FATAL|PANIC|could not|cannot/i.test(text);
  if ((isTemporary && elapsedMs < orphanedSessionsMs) || (isSilent && ends <= silentEndsMax)) {
    return;
  }
  const tail = text.split('\n').slice(-5).join('\n');
  throw new StartError(
    `PostgreSQL did not start in ${paths.cluster}. It says:\n${tail || '(nothing)'}\nIts log is in ${paths.logs}. ` +
      'Fix the cause, choose another data folder, or set DATABASE_URL.',
  );
}

function startedAt(pid: number): string {
  const state = inspectProcess(pid);
  return state.kind === 'alive' ? state.startedAt : '';
}

async function readHolder(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).trim().split(' ');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) {
      return [];
    }
    throw error;
  }
}
