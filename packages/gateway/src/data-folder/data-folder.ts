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
  EEXIST: { is: 'there is a file of that name', remedy: 'Move that file away' },
  EISDIR: { is: 'there is a folder in place of a file', remedy: 'Move that folder away' },
  ENOENT: { is: 'it cannot be made there', remedy: 'Make it by hand' },
  ELOOP: { is: 'its symbolic links lead in a circle', remedy: 'Mend the links' },
  ENAMETOOLONG: { is: 'the path is too long', remedy: 'Shorten the path' },
};
/** Reading from and writing to an open file names no path. */
const pathless: readonly string[] = ['ENOSPC', 'EDQUOT', 'EISDIR'];

/** Does what writes to the data folder; where the folder does not allow it, rejects with a `StartError` that says what to do. */
export async function inDataFolder<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw explainDataFolder(dataDir, cause) ?? cause;
  }
}

/** The sentence for a fault of the data folder; null for any other. */
export function explainDataFolder(dataDir: string, cause: unknown): StartError | null {
  const code = errorCodeOf(cause);
  if (!(cause instanceof Error) || code === null) return null;
  const reason = reasons[code];
  const path = 'path' in cause && typeof cause.path === 'string' ? cause.path : null;
  if (reason === undefined || (path === null ? !pathless.includes(code) : !leadsTo(dataDir, path))) return null;
  const folder = resolve(dataDir);
  const where = path === null || resolve(path) === folder ? '' : ` (${path})`;
  return new StartError(
    `The data folder ${folder}${where} cannot be used: ${reason.is}. ${reason.remedy}, or set CHATFERRY_DATA_DIR to a folder that this user can write.`,
    { cause },
  );
}

/** Whether a path lies in the folder or on the way to it. */
function leadsTo(dataDir: string, path: string): boolean {
  const folder = `${resolve(dataDir)}${sep}`;
  const given = `${resolve(path)}${sep}`;
  return given.startsWith(folder) || folder.startsWith(given);
}
