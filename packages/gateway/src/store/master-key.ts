import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';
import { ensurePassableFolder } from './embedded/run-user.ts';
import { isErrorCode } from './error-code.ts';
import type { VaultKey } from './sealed.ts';
import { StartError } from './start-error.ts';

/** Where the key comes from, in this order; the last is created on the first start. */
export interface MasterKeySource {
  /** 32 bytes in base64 or base64url. */
  readonly given?: string;
  /** A file with the same. */
  readonly file?: string;
  readonly dataDir: string;
}

/**
 * The key that seals the credentials in the database. Its id is derived from the key, so that a wrong key is noticed by name.
 * Rejects with a `StartError` for a key that is malformed, unreadable or open to other users.
 */
export async function loadMasterKey({ given, file, dataDir }: MasterKeySource): Promise<VaultKey> {
  if (given !== undefined) {
    return parseMasterKey(given, 'The given master key');
  }
  if (file !== undefined) {
    return parseMasterKey(await readKeyFile(file), `The master key in ${file}`);
  }
  const path = join(dataDir, 'master.key');
  try {
    return await readOwnKey(path);
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) {
      throw error;
    }
  }
  ensurePassableFolder(dataDir);
  await createOnce(path, `${randomBytes(32).toString('base64')}\n`);
  return readOwnKey(path);
}

export function parseMasterKey(text: string, what: string): VaultKey {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) || key.length !== 32) {
    throw new StartError(`${what} must be 32 bytes in base64. Make one with: openssl rand -base64 32`);
  }
  return { id: createHash('sha256').update('chatferry master key').update(key).digest('hex').slice(0, 12), key };
}

async function readOwnKey(path: string): Promise<VaultKey> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new StartError(`The master key in ${path} can be read by other users. Run: chmod 600 ${path}`);
  }
  return parseMasterKey(await readFile(path, 'utf8'), `The master key in ${path}`);
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartError(`The master key file ${file} cannot be read. Check the path and its permissions.`, {
      cause: error,
    });
  }
}
