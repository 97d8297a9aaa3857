import { tmpdir } from 'node:os';
import { appName, ownerName } from '@chatferry/gateway/internal/embedded-postgres/ensure-app-database';
import { embeddedPaths, socketPort } from '@chatferry/gateway/internal/embedded-postgres/paths';
import { readPostmaster, stopHungPostmaster } from '@chatferry/gateway/internal/embedded-postgres/postmaster';
import { systemClock } from '@chatferry/gateway/internal/process/system-clock';

/** The PostgreSQL that a gateway runs in its data folder, reached without the gateway. */
export interface OwnPostgres {
  readonly pid: number;
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
}

/** Throws when no PostgreSQL runs in the data folder. */
export function readOwnPostgres(dataDir: string): OwnPostgres {
  const postmaster = readPostmaster(embeddedPaths(dataDir, tmpdir()).cluster);
  if (postmaster.kind !== 'running' || postmaster.socketFolder === undefined)
    throw new Error(`No PostgreSQL runs in ${dataDir}.`);
  const { pid, socketFolder: host } = postmaster;
  return { pid, connection: { host, port: socketPort, user: ownerName, database: appName } };
}

/** Stops the PostgreSQL of a data folder. It keeps running when its gateway was killed. */
export async function stopOrphanedPostgres(dataDir: string): Promise<void> {
  const { cluster } = embeddedPaths(dataDir, tmpdir());
  const postmaster = readPostmaster(cluster);
  if (postmaster.kind === 'running') await stopHungPostmaster(cluster, postmaster.pid, systemClock);
}
