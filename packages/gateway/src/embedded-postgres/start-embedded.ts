import { chmod, lchown, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ensurePassableFolder } from '../data-folder/passable-folder.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreLog } from '../ports/log.ts';
import { prepareBinaries } from './binaries.ts';
import { bringUp, type Running, type Site } from './bring-up.ts';
import { ensureCluster, removeLeftovers } from './cluster.ts';
import { appName, ensureAppDatabase, ownerName } from './ensure-app-database.ts';
import { embeddedPaths, socketPort } from './paths.ts';
import { stopPostmaster } from './postmaster.ts';
import { assertReachable, findRunUser, type RunUser } from './run-user.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: StoreLog;
  readonly clock: Clock;
  /** Called once if the server ended and could not be started again. The gateway should then stop. */
  readonly onLost?: (error: Error) => void;
}

export interface SocketConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  /** The parameters for `createPool`: the gateway's own database over the private socket, and a role that owns nothing. */
  readonly connection: SocketConnection;
  /** The same with the role that owns the tables: for migrations and restores. */
  readonly ownerConnection: SocketConnection;
  readonly pid: number;
  /** As the server reports it: `18.4`. */
  readonly version: string;
  /** Whether a server that survived an earlier gateway was taken over. */
  readonly adopted: boolean;
  /** Whether the data folder was created by this start. */
  readonly created: boolean;
  /** Shuts the server down cleanly, even if it was taken over. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL, or takes over one that survived a killed gateway. If the server ends, it is started
 * again. Rejects with a `StartError` for everything that a person can fix: no build for this machine, an unsuitable
 * folder, a folder in use.
 */
export async function startEmbedded({ dataDir, log, clock, onLost }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  ensurePassableFolder(resolve(dataDir));
  const paths = embeddedPaths(await realpath(dataDir), tmpdir());
  const user = findRunUser(paths.home);
  await ensureOwnFolder(paths.home, user);
  assertReachable(paths.home, user);
  const binaries = await prepareBinaries(paths.home, user);
  await ensureOwnFolder(paths.logs, user);
  if (dirname(paths.socketFolder) !== paths.home) {
    assertReachable(dirname(paths.socketFolder), user);
  }
  await ensureOwnFolder(paths.socketFolder, user);
  const created = await ensureCluster(paths.cluster, binaries, user);
  const site: Site = { paths, user, binaries, clock, log };

  let running = await bringUp(site);
  const { adopted } = running;
  try {
    await ensureAppDatabase(running.guard);
    await removeLeftovers(paths.home, binaries);
  } catch (error) {
    await shutDown(running, site);
    throw error;
  }
  log.info({ pid: running.pid, version: binaries.version, adopted, created, user: user.name }, 'postgres.ready');

  let isStopping = false;
  let recovery: Promise<void> = Promise.resolve();
  const recover = async (lost: Running): Promise<void> => {
    log.warn({ pid: lost.pid }, 'postgres.lost');
    try {
      running = await bringUp(site);
    } catch (cause) {
      onLost?.(new Error('The embedded PostgreSQL ended and could not be started again.', { cause }));
      return;
    }
    log.warn({ pid: running.pid }, 'postgres.recovered');
    supervise(running);
  };
  const supervise = (current: Running): void => {
    current.guard.once('end', () => {
      if (!isStopping) {
        recovery = recover(current);
      }
    });
  };
  supervise(running);

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await recovery;
    await shutDown(running, site);
    await rm(paths.holder, { force: true });
    log.info({ pid: running.pid }, 'postgres.stopped');
  };
  const address = { host: running.socketFolder, port: socketPort, database: appName };
  return {
    connection: { ...address, user: appName },
    ownerConnection: { ...address, user: ownerName },
    pid: running.pid,
    version: binaries.version,
    adopted,
    created,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The server ends the session with the lock, so that no other gateway takes the folder during the shutdown. */
async function shutDown(running: Running, { paths, clock }: Site): Promise<void> {
  if (!(await stopPostmaster(paths.cluster, running.pid, clock))) {
    throw new Error(`The embedded PostgreSQL (process id ${running.pid}) does not end, not even by force.`);
  }
  await running.guard.end();
}

/**
 * Creates a folder for the run user only. A folder that belongs to another user (in a shared temp folder) is refused.
 */
async function ensureOwnFolder(folder: string, user: RunUser): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o700);
    if (user.dropped) {
      await lchown(folder, user.uid, user.gid);
    }
    return;
  } catch (error) {
    if (isErrorCode(error, 'EACCES', 'EROFS', 'EPERM')) {
      throw new StartError(`Cannot create ${folder}. Choose a data folder that is writable, or set DATABASE_URL.`, {
        cause: error,
      });
    }
    if (!isErrorCode(error, 'EEXIST')) {
      throw error;
    }
  }
  const found = await lstat(folder);
  if (!found.isDirectory() || (found.uid !== user.uid && found.uid !== 0)) {
    throw new StartError(
      `${folder} is not a folder of user ${user.name}. Remove it, or choose another data folder, or set DATABASE_URL.`,
    );
  }
  if (user.dropped && found.uid === 0) {
    await lchown(folder, user.uid, user.gid);
  }
  await chmod(folder, 0o700);
}
