import { resolve, sep } from 'node:path';
import { errorCodeOf } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';

const permissions = 'Give this user the permission';
const reasons: Readonly<Record<string, { readonly is: string; readonly remedy: string }>> = {
  EACCES: { is: 'permission denied', remedy: permissions },
  EPERM: { is: 'operation not permitted', remedy: permissions },
  EROFS: { is: 'the file system is read-only', remedy: 'Mount it writable' },
  ENOSPC: { is: 'no space left on the device', remedy: 'Free some space' },
  EDQUOT: { is: 'the quota of this user is used up', remedy: 'Free some space' },
  ENOTDIR: { is: 'a part of the path is not a folder', remedy: 'Move that file away' },
  EEXIST: { is: 'there is a file with that name', remedy: 'Move that file away' },
  EISDIR: { is: 'there is a folder in place of a file', remedy: 'Move that folder away' },
  ENOENT: { is: 'it cannot be created there', remedy: 'Create it by hand' },
  ELOOP: { is: 'its symbolic links form a circle', remedy: 'Correct the links' },
  ENAMETOOLONG: { is: 'the path is too long', remedy: 'Shorten the path' },
};
/** Errors of an open file, which have no path. */
const codesWithoutPath: readonly string[] = ['ENOSPC', 'EDQUOT', 'EISDIR'];

/** Runs work in the data folder. A problem of the folder becomes a `StartError` that says what to do. */
export async function inDataFolder<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw explainDataFolder(dataDir, cause) ?? cause;
  }
}

/** The explanation of an error that the data folder caused; null for every other error. */
export function explainDataFolder(dataDir: string, cause: unknown): StartError | null {
  const code = errorCodeOf(cause);
  if (!(cause instanceof Error) || code === null) return null;
  const reason = reasons[code];
  const path = 'path' in cause && typeof cause.path === 'string' ? cause.path : null;
  if (reason === undefined || (path === null ? !codesWithoutPath.includes(code) : !isOnWay(dataDir, path))) return null;
  const folder = resolve(dataDir);
  const where = path === null || resolve(path) === folder ? '' : ` (${path})`;
  return new StartError(
    `The data folder ${folder}${where} cannot be used: ${reason.is}. ${reason.remedy}, ` +
      'or set CHATFERRY_DATA_DIR to a folder that this user can write to.',
    { cause },
  );
}

/** Whether a path is in the folder, or a part of the folder's own path. */
function isOnWay(dataDir: string, path: string): boolean {
  const folder = `${resolve(dataDir)}${sep}`;
  const given = `${resolve(path)}${sep}`;
  return given.startsWith(folder) || folder.startsWith(given);
}
