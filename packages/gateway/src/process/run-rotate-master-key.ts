import { resolve } from 'node:path';
import { readConfig } from '../config/read-config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { describeFailure, StartError } from '../errors/start-error.ts';
import { otherKeysFile } from '../secrets/master-key.ts';
import { rotateMasterKey } from '../secrets/rotate-master-key.ts';

/** Makes a new master key, prints the next steps or the error, and returns the exit code. */
export async function runRotateMasterKey(env: Readonly<Record<string, string | undefined>>): Promise<0 | 1> {
  try {
    const config = readConfig(env);
    if (config.masterKey !== null) {
      throw new StartError(
        'The master key comes from CHATFERRY_MASTER_KEY, which this command cannot change. Make a new key with ' +
          'openssl rand -base64 32, set it as CHATFERRY_MASTER_KEY, add the previous key to ' +
          'CHATFERRY_OTHER_MASTER_KEYS, and restart.',
      );
    }
    const dataDir = resolve(config.dataDir);
    const { primary, others } = await inDataFolder(dataDir, () => rotateMasterKey(dataDir));
    const otherIds = others.map(({ id }) => id).join(' and ');
    process.stdout.write(`The master key is now ${primary.id}. The previous key ${otherIds} is in ${otherKeysFile(dataDir)}.
Restart the gateway. It seals all secrets again while it runs, and logs master_key.changed when this is done. Then delete
${otherKeysFile(dataDir)}, and store the new master.key in your safe place. Older backups need the previous key.
`);
    return 0;
  } catch (cause) {
    process.stderr.write(`The master key was not changed.\n${describeFailure(cause)}\n`);
    return 1;
  }
}
