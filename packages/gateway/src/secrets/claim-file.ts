import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePassableFolder } from '../data-folder/passable-folder.ts';
import { replaceFile } from '../data-folder/replace-file.ts';

/** The token that creates the first owner, in a file of the data folder that only its owner can read. */
export function claimFileIn(dataDir: string) {
  const path = join(dataDir, 'claim-token');
  return {
    path,
    async write(token: string): Promise<void> {
      ensurePassableFolder(dataDir);
      await replaceFile(path, `${token}\n`);
    },
    remove: (): Promise<void> => rm(path, { force: true }),
  };
}
