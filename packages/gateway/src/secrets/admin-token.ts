import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from '../data-folder/create-once.ts';
import { ensurePassableFolder } from '../data-folder/passable-folder.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { Random } from '../ports/clock.ts';
import { Secret } from '../ports/secret.ts';

export interface AdminToken {
  readonly token: Secret;
  /** The file with the token; null if the token was given. */
  readonly file: string | null;
}

/**
 * The given administrator's token, or else the one in the data folder. The first start creates that file, which only
 * its owner can read.
 */
export async function loadAdminToken(given: Secret | null, dataDir: string, random: Random): Promise<AdminToken> {
  if (given !== null) return { token: given, file: null };
  const file = join(dataDir, 'admin-token');
  ensurePassableFolder(dataDir);
  if (!(await exists(file))) await createOnce(file, `${random.bytes(24).toString('hex')}\n`);
  await chmod(file, 0o600);
  const token = (await readFile(file, 'utf8')).trim();
  if (token === '')
    throw new StartError(`${file} is empty. Delete it, and the next start makes a new administrator's token.`);
  return { token: new Secret(token), file };
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return false;
    throw cause;
  }
}
