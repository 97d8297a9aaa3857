import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** A new folder. A gateway of root runs PostgreSQL as another user, who must be able to pass through it. */
export function createTemporaryFolder(prefix: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs `work` with a temporary folder and removes it afterwards. */
export async function withTemporaryFolder<T>(prefix: string, work: (path: string) => Promise<T>): Promise<T> {
  const folder = createTemporaryFolder(prefix);
  try {
    return await work(folder.path);
  } finally {
    folder.remove();
  }
}
