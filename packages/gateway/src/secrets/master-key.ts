import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from '../data-folder/create-once.ts';
import { ensurePassableFolder } from '../data-folder/passable-folder.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import type { Secret } from '../ports/secret.ts';
import type { VaultKey } from './sealed.ts';

/** The source of the keys: a given key, or else the file in the data folder, which the first start creates. */
export interface MasterKeySource {
  /** 32 bytes in base64 or base64url. */
  readonly given?: string;
  /** Further keys in the same form, separated by commas. */
  readonly givenOthers?: string;
  readonly dataDir: string;
}

/** The source of the keys according to the configuration. */
export const masterKeySource = (config: {
  readonly masterKey: Secret | null;
  readonly otherMasterKeys: Secret | null;
  readonly dataDir: string;
}): MasterKeySource => ({
  ...(config.masterKey === null ? {} : { given: config.masterKey.reveal() }),
  ...(config.otherMasterKeys === null ? {} : { givenOthers: config.otherMasterKeys.reveal() }),
  dataDir: config.dataDir,
});

/** The key that seals, and the keys that still open the values that they sealed. */
export interface MasterKeys {
  readonly primary: VaultKey;
  readonly others: readonly VaultKey[];
}

/**
 * Loads the keys of the secrets in the database. The id of a key is derived from the key, so that an error can name a
 * wrong key. Rejects with a `StartError` for a key that is malformed, or that other users can read.
 */
export async function loadMasterKeys(source: MasterKeySource): Promise<MasterKeys> {
  const primary = await loadMasterKey(source);
  const given = (source.givenOthers ?? '').split(',').filter((text) => text !== '');
  const others = [
    ...given.map((text) => parseMasterKey(text, 'Each of the other master keys')),
    ...(await readOtherKeys(source.dataDir)),
  ];
  const distinct = new Map(others.map((key) => [key.id, key]));
  // An interrupted change leaves the key in both places.
  distinct.delete(primary.id);
  return { primary, others: [...distinct.values()] };
}

/** The file with the keys that are no longer, or not yet, the primary key. */
export const otherKeysFile = (dataDir: string): string => join(dataDir, 'master.key.others');
export const masterKeyFile = (dataDir: string): string => join(dataDir, 'master.key');

async function readOtherKeys(dataDir: string): Promise<readonly VaultKey[]> {
  const path = otherKeysFile(dataDir);
  const text = await readOwnFile(path).catch((error: unknown) => {
    if (isErrorCode(error, 'ENOENT')) return '';
    throw error;
  });
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parseMasterKey(line, `Each line of ${path}`));
}

async function loadMasterKey({ given, dataDir }: MasterKeySource): Promise<VaultKey> {
  if (given !== undefined) {
    return parseMasterKey(given, 'The given master key');
  }
  const path = masterKeyFile(dataDir);
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
  return parseMasterKey(await readOwnFile(path), `The master key in ${path}`);
}

async function readOwnFile(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new StartError(`The master key in ${path} can be read by other users. Run: chmod 600 ${path}`);
  }
  return readFile(path, 'utf8');
}
