import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';

/**
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root. A gateway that runs as root starts it as the
 * owner of an existing data folder. Without one, it takes the system user `postgres`, or `nobody` if there is no `postgres`. A
 * gateway that runs as another user starts it as the same user.
 */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** Whether this is not the gateway's own user. */
  readonly dropped: boolean;
}

interface ChooseRunUser {
  /** The gateway's own ids. */
  readonly self: { readonly uid: number; readonly gid: number };
  /** The text of the user database (`/etc/passwd`). */
  readonly passwd: string;
  /** The owner of the PostgreSQL folder, if the folder exists. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly folder: string;
}

const nobodyId = 65_534;

export function chooseRunUser({ self, passwd, owner, folder }: ChooseRunUser): RunUser {
  const users = passwd.split('\n').map((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  });
  const nameOf = (uid: number): string => users.find((user) => user.uid === uid)?.name ?? `uid ${uid}`;
  if (self.uid !== 0) {
    if (owner !== undefined && owner.uid !== self.uid) {
      throw new StartError(
        `The folder ${folder} belongs to user ${nameOf(owner.uid)}, and this process runs as ${nameOf(self.uid)}. ` +
          'Start the gateway as that user (or as root), choose another data folder, or set DATABASE_URL.',
      );
    }
    return { ...self, name: nameOf(self.uid), dropped: false };
  }
  if (owner !== undefined && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, name: nameOf(owner.uid), dropped: true };
  }
  const found =
    users.find((user) => user.name === 'postgres' && user.uid > 0) ?? users.find((user) => user.name === 'nobody');
  return found !== undefined && found.uid > 0
    ? { ...found, dropped: true }
    : { uid: nobodyId, gid: nobodyId, name: 'nobody', dropped: true };
}

/** Chooses the run user for the PostgreSQL folder `home` on this machine. */
export function findRunUser(home: string): RunUser {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  return chooseRunUser({ self: { uid, gid }, passwd: readIfExists('/etc/passwd'), owner: ownerOf(home), folder: home });
}

/**
 * Throws a `StartError` if the run user may not write to `folder`. The trial decides, because it respects access
 * lists and read-only mounts. The search by file modes only finds the folder that the message names.
 */
export function assertReachable(folder: string, user: RunUser): void {
  const trial = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], {
    cwd: '/',
    env: {},
    ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
  });
  if (trial.status === 0) {
    return;
  }
  const blocking = ancestors(folder).find((path) => !mayEnter(path, user)) ?? folder;
  const mode = (statSync(blocking).mode & 0o7777).toString(8).padStart(4, '0');
  const why = user.dropped ? `PostgreSQL refuses to run as root, so it runs as user ${user.name}; ` : '';
  throw new StartError(
    `${why}user ${user.name} may not enter ${blocking} (mode ${mode}), which leads to ${folder}. ` +
      `Choose a data folder that user ${user.name} can reach, allow it with "chmod o+x ${blocking}", or set DATABASE_URL.`,
  );
}

function mayEnter(folder: string, user: RunUser): boolean {
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}

function ownerOf(path: string): { uid: number; gid: number } | undefined {
  try {
    const { uid, gid } = lstatSync(path);
    return { uid, gid };
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) {
      return undefined;
    }
    throw new StartError(
      `Cannot read the properties of ${path}. Check its permissions, or choose another data folder.`,
      {
        cause: error,
      },
    );
  }
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) {
      return '';
    }
    throw error;
  }
}
