import { readFile, rm, writeFile } from 'node:fs/promises';
import type pg from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreLog } from '../ports/log.ts';
import type { Binaries } from './binaries.ts';
import { probeServer, serverVersion, takeFolder } from './guard.ts';
import type { EmbeddedPaths } from './paths.ts';
import {
  clearStaleLocks,
  readPostmaster,
  type Started,
  startPostmaster,
  stopHungPostmaster,
  stopPostmaster,
} from './postmaster.ts';
import { inspectProcess } from './process-state.ts';
import type { RunUser } from './run-user.ts';

/** All that finding or starting the server needs to know. */
export interface Site {
  readonly paths: EmbeddedPaths;
  readonly user: RunUser;
  readonly binaries: Binaries;
  readonly clock: Clock;
  readonly log: StoreLog;
}

export interface Running {
  /** The session that holds the folder; its end means that the server is gone. */
  readonly guard: pg.Client;
  readonly pid: number;
  readonly socketFolder: string;
  readonly adopted: boolean;
}

const probeEveryMs = 15;
const connectTimeoutMs = 2_000;
/** A server that is alive but does not listen is starting or ending; after this it is taken for hung. */
const quietMs = 5_000;
/** Recovery after a crash reads the log since the last checkpoint, at most a few gigabytes. */
const busyMs = 600_000;
/** How often a server that ended during its start, without a word why, is started again: a second blow may meet its recovery. */
const silentEndsMax = 3;
/** Sessions of a killed server take a moment to notice; until then PostgreSQL refuses to start beside them. */
const orphanedSessionsMs = 15_000;

/**
 * Leads whatever it finds to a running server that this process holds:
 *
 * | the socket | the lock file says | then |
 * |---|---|---|
 * | answers | anything | take the folder's lock, or report who has it |
 * | "starting up", "shutting down" | anything | wait |
 * | nobody there | absent, stale | start a server |
 * | nobody there, or silent | running | wait a little, then end it, unless a living gateway holds it |
 * | silent | absent, stale | wait a little, then report it: its process is out of our sight, as in another container |
 *
 * The socket is asked first because it is the better witness: process numbers mean nothing across containers.
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
        await endHung(site, postmaster.pid);
        started = undefined;
        quietSinceMs = clock.monotonicMs();
      }
    } else if (probe.kind === 'hung') {
      if (clock.monotonicMs() - quietSinceMs > quietMs) {
        throw inUse(
          paths,
          'a PostgreSQL that does not answer and that this process cannot see, perhaps in a container',
        );
      }
    } else if (started === undefined || started.ended()) {
      if (started !== undefined) {
        ends += 1;
        await explainEarlyEnd(paths, clock.monotonicMs() - beganMs, ends);
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

/** Undefined when the server found was one of another version and had to be ended first. */
async function takeOver(
  { paths, binaries, clock, log }: Site,
  guard: pg.Client,
  socketFolder: string,
  started: Started | undefined,
): Promise<Running | undefined> {
  const holder = await takeFolder(guard);
  if (holder !== undefined) {
    await guard.end();
    throw inUse(paths, holder.heldBy);
  }
  const postmaster = readPostmaster(paths.cluster);
  if (postmaster.kind === 'absent') {
    throw new Error(`PostgreSQL answers on ${socketFolder}, but ${paths.cluster} has no postmaster.pid.`);
  }
  const version = await serverVersion(guard);
  if (version !== binaries.version) {
    log.warn({ pid: postmaster.pid, version, wanted: binaries.version }, 'postgres.replaced');
    await stopPostmaster(paths.cluster, postmaster.pid, clock);
    await guard.end();
    return undefined;
  }
  await rm(paths.holder, { force: true });
  await writeFile(paths.holder, `${process.pid} ${startedAt(process.pid)}\n`, { flag: 'wx', mode: 0o600 });
  return { guard, pid: postmaster.pid, socketFolder, adopted: started?.child.pid !== postmaster.pid };
}

async function endHung({ paths, clock, log }: Site, pid: number): Promise<void> {
  const [holder = '', since = ''] = await readHolder(paths.holder);
  const holderPid = Number.parseInt(holder, 10);
  if (holderPid !== process.pid && holderPid > 0 && since !== '' && startedAt(holderPid) === since) {
    throw inUse(paths, `the gateway with process id ${holderPid}, whose PostgreSQL does not answer at the moment`);
  }
  log.warn({ pid }, 'postgres.hung');
  if (!(await stopHungPostmaster(paths.cluster, pid, clock))) {
    throw new StartError(
      `A PostgreSQL left over in ${paths.cluster} (process id ${pid}) neither answers nor ends. End it by hand, then start again.`,
    );
  }
}

function inUse(paths: EmbeddedPaths, heldBy: string): StartError {
  return new StartError(
    `The data folder of ${paths.cluster} is in use by ${heldBy}. Stop that one first, give this one another data folder, ` +
      'or set DATABASE_URL to a server that both share.',
  );
}

/** Throws unless starting again can help. */
async function explainEarlyEnd(paths: EmbeddedPaths, elapsedMs: number, ends: number): Promise<void> {
  const text = (await readFile(paths.startLog, 'utf8')).trim();
  // PostgreSQL: "pre-existing shared memory block … is still in use"; "lock file … already exists" when another start won the race.
  const passes = /is still in use|lock file ".*" already exists/.test(text);
  // What keeps it from starting it says there; a server that was killed says nothing.
  const isSilent = !/FATAL|PANIC|could not|cannot/i.test(text);
  if ((passes && elapsedMs < orphanedSessionsMs) || (isSilent && ends <= silentEndsMax)) {
    return;
  }
  const tail = text.split('\n').slice(-5).join('\n');
  throw new StartError(
    `PostgreSQL did not start in ${paths.cluster}. It says:\n${tail || '(nothing)'}\nIts log is in ${paths.logs}. ` +
      'Mend the cause, choose another data folder, or set DATABASE_URL.',
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
