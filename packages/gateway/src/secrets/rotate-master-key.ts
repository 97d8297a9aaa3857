import { randomBytes } from 'node:crypto';
import { readIfThere } from '../data-folder/read-if-there.ts';
import { replaceFile } from '../data-folder/replace-file.ts';
import { StartError } from '../errors/start-error.ts';
import { loadMasterKeys, type MasterKeys, masterKeyFile, otherKeysFile } from './master-key.ts';

/**
 * Makes a new master key in the data folder and adds the previous one to the other keys. A crash between the two
 * writes changes nothing: the previous key is then in both files. Rejects with a `StartError` if there is no master
 * key yet.
 */
export async function rotateMasterKey(dataDir: string): Promise<MasterKeys> {
  const [previous, others] = await Promise.all([
    readIfThere(masterKeyFile(dataDir)),
    readIfThere(otherKeysFile(dataDir)),
  ]);
  if (previous === '') {
    throw new StartError(`There is no master.key in ${dataDir}. Set CHATFERRY_DATA_DIR as for the gateway.`);
  }
  const lines = new Set([previous, ...others.split('\n')].map((line) => line.trim()).filter((line) => line !== ''));
  await replaceFile(otherKeysFile(dataDir), `${[...lines].join('\n')}\n`);
  await replaceFile(masterKeyFile(dataDir), `${randomBytes(32).toString('base64')}\n`);
  return loadMasterKeys({ dataDir });
}
