import { resolve } from 'node:path';
import { readConfig } from '../config/read-config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { StartError, sayWhy } from '../errors/start-error.ts';
import { otherKeysFile } from '../secrets/master-key.ts';
import { rotateMasterKey } from '../secrets/rotate-master-key.ts';

/** Makes a new master key and gives the exit code; what is left to do, or went wrong, is said in sentences. */
export async function runRotateMasterKey(env: Readonly<Record<string, string | undefined>>): Promise<0 | 1> {
  try {
    const config = readConfig(env);
    if (config.masterKey !== null) {
      throw new StartError(
        'The master key comes from CHATFERRY_MASTER_KEY, which this command cannot change. Make a new one with openssl rand -base64 32, ' +
          'set it as CHATFERRY_MASTER_KEY, put the one before into CHATFERRY_OTHER_MASTER_KEYS, and restart.',
      );
    }
    const dataDir = resolve(config.dataDir);
    const { primary, others } = await inDataFolder(dataDir, () => rotateMasterKey(dataDir));
    process.stdout.write(`The master key is now ${primary.id}; ${others.map(({ id }) => id).join(' and ')} stays in ${otherKeysFile(dataDir)}.
Restart the gateway: it seals everything anew while it works, and logs master_key.changed when that is done. Then delete
${otherKeysFile(dataDir)}, and keep the new master.key in your safe place; backups from before need the one before.
`);
    return 0;
  } catch (cause) {
    process.stderr.write(`The master key was not changed.\n${sayWhy(cause)}\n`);
    return 1;
  }
}
