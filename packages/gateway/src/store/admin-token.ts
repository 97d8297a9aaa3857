import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../ports/clock.ts';
import { Secret } from '../ports/secret.ts';
import { isErrorCode } from './error-code.ts';

export interface AdminToken {
  readonly token: Secret;
  /** Where it is kept; null where it was given. */
  readonly file: string | null;
}

/** The administrator's token as given, or the one in the data folder, made on the first start and readable by its owner only. */
export async function loadAdminToken(given: Secret | null, dataDir: string, random: Random): Promise<AdminToken> {
  if (given !== null) return { token: given, file: null };
  const file = join(dataDir, 'admin-token');
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, `${random.bytes(24).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!isErrorCode(cause, 'EEXIST')) throw cause;
    await chmod(file, 0o600);
  }
  return { token: new Secret((await readFile(file, 'utf8')).trim()), file };
}
