import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import { type Binaries, replaceUnlessThere } from './binaries.ts';
import type { RunUser } from './run-user.ts';

/** The role that owns the cluster. Only this folder's code uses it. */
export const superuser = 'postgres';

/**
 * Creates the cluster if there is none, and returns whether it did. `initdb` works in a temporary folder that is
 * renamed at the end, so that neither a crash nor a second gateway leaves an incomplete cluster under the real name.
 */
export async function ensureCluster(cluster: string, binaries: Binaries, user: RunUser): Promise<boolean> {
  const major = await clusterMajor(cluster);
  if (major === binaries.major) {
    return false;
  }
  if (major !== undefined) {
    throw new StartError(
      `The data folder ${cluster} was written by PostgreSQL ${major}, and this gateway has PostgreSQL ${binaries.major}. ` +
        'Export the data with the gateway that wrote it and import it into a new data folder, ' +
        'or set DATABASE_URL to a server that has the data.',
    );
  }
  const partial = `${cluster}.init-${randomUUID()}`;
  const problem = await initdb(partial, binaries, user);
  if (problem !== undefined) {
    await rm(partial, { recursive: true, force: true });
    // Another gateway was faster and removed this temporary folder. Its server will report which gateway it is.
    if ((await clusterMajor(cluster)) !== undefined) {
      return false;
    }
    throw new StartError(
      `PostgreSQL could not create its data folder ${cluster}: ${problem} Free disk space, correct the permissions, ` +
        'choose another data folder, or set DATABASE_URL.',
    );
  }
  await replaceUnlessThere(partial, cluster);
  return true;
}

/**
 * Removes the incomplete clusters of gateways that died, and copies of other versions' programs. Only safe for the
 * gateway that has the folder's lock.
 */
export async function removeLeftovers(home: string, binaries: Binaries): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name);
    const isOldCopy = name.startsWith('bin-') && !binaries.postgres.startsWith(`${path}/`);
    if (isOldCopy || name.startsWith('data.init-')) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function clusterMajor(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) {
      throw new StartError(`Cannot read ${cluster}. Check who owns it, or choose another data folder.`, {
        cause: error,
      });
    }
  }
  const names = await readdir(cluster).catch((error: unknown) => {
    if (isErrorCode(error, 'ENOENT')) {
      return [];
    }
    throw error;
  });
  if (names.length > 0) {
    throw new StartError(
      `The folder ${cluster} is not empty and has no PostgreSQL data. Move it away, or choose another data folder.`,
    );
  }
  return undefined;
}

function initdb(folder: string, binaries: Binaries, user: RunUser): Promise<string | undefined> {
  const args = ['-D', folder, '-U', superuser, '--encoding=UTF8', '--locale=C', '--no-instructions'];
  // The mode of the socket's folder decides who may connect. Network connections are rejected.
  args.push('--auth-local=trust', '--auth-host=reject');
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, args, {
      cwd: dirname(folder),
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
    });
    let errorText = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorText += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? undefined : errorText.trim() || `initdb ended with ${code}.`));
  });
}
