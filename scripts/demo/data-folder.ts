import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DataFolder {
  readonly path: string;
  remove(): void;
}

/** A fresh folder for the gateway's data. Others may pass through: a gateway of root runs PostgreSQL as another user. */
export function makeDataFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'chatferry-demo-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
