import { chmodSync, mkdirSync } from 'node:fs';

/**
 * Creates the folder if it is missing. Other users may enter it but not list it; its files have their own
 * permissions.
 */
export function ensurePassableFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) {
    chmodSync(folder, 0o711);
  }
}
