import { open } from 'node:fs/promises';

/** Makes the names of a folder's files durable: a file that was created or renamed is found after a power failure. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
