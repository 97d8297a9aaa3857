import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import { loadMasterKeys, type MasterKeys, masterKeyFile, otherKeysFile } from './master-key.ts';

/**
 * Makes a new master key in the data folder and keeps the one before among the others. Cut off between the two files it has done
 * nothing yet: the key stands in both. Rejects with a `StartError` where there is no master key yet.
 */
export async function rotateMasterKey(dataDir: string): Promise<MasterKeys> {
  const [before, others] = await Promise.all([
    readIfThere(masterKeyFile(dataDir)),
    readIfThere(otherKeysFile(dataDir)),
  ]);
  if (before === '') {
    throw new StartError(`There is no master.key in ${dataDir}. Set CHATFERRY_DATA_DIR as for the gateway.`);
  }
  const lines = new Set([before, ...others.split('\n')].map((line) => line.trim()).filter((line) => line !== ''));
  await replaceFile(otherKeysFile(dataDir), `${[...lines].join('\n')}\n`);
  await replaceFile(masterKeyFile(dataDir), `${randomBytes(32).toString('base64')}\n`);
  return loadMasterKeys({ dataDir });
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return '';
    throw error;
  }
}

/** The whole file or the one before it, for its owner alone, on disk when this resolves. */
async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
