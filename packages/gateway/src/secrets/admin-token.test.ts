import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evenRandom } from '@chatferry/testkit/rigs/engine-rig';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAdminToken } from './admin-token.ts';

let folder: string;
let mask: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatferry-admin-token-'));
  mask = process.umask(0o077);
});
afterEach(async () => {
  process.umask(mask);
  await rm(folder, { recursive: true });
});

it('a new data folder can be entered by the user of PostgreSQL, even under a strict umask, and its token is private', async () => {
  const dataDir = join(folder, 'data');
  const { file } = await loadAdminToken(null, dataDir, evenRandom);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
  expect((await stat(String(file))).mode & 0o777).toBe(0o600);
});
