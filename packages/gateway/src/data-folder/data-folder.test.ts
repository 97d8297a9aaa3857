import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../errors/start-error.ts';
import { Secret } from '../ports/secret.ts';
import { systemRandom } from '../process/system-clock.ts';
import { loadAdminToken } from '../secrets/admin-token.ts';
import { loadMasterKeys } from '../secrets/master-key.ts';
import { explainDataFolder, inDataFolder } from './data-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chatferry-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const failing = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: something`), { code, ...(path === undefined ? {} : { path }) });

describe('a data folder that cannot be used', () => {
  it.each([
    ['lies under a file', () => join(folder, 'file', 'data'), 'not a folder'],
    ['is a file', () => join(folder, 'file'), 'file'],
  ])('that %s is told with what to do, for the key and for the token', async (_name, dataDirOf, told) => {
    writeFileSync(join(folder, 'file'), '');
    const dataDir = dataDirOf();
    const loads: readonly (() => Promise<unknown>)[] = [
      () => loadMasterKeys({ dataDir }),
      () => loadAdminToken(null, dataDir, systemRandom),
    ];
    for (const load of loads) {
      const refused = await inDataFolder(dataDir, load).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StartError);
      expect(String(refused)).toContain(told);
      expect(String(refused)).toContain('CHATFERRY_DATA_DIR');
    }
  });

  it.each([
    ['EACCES', 'permission'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'space'],
    ['ENOTDIR', 'not a folder'],
  ])('is explained for %s', (code, told) => {
    expect(explainDataFolder('/var/data', failing(code, '/var/data/admin-token'))?.message).toMatch(
      new RegExp(
        `^The data folder /var/data \\(/var/data/admin-token\\) cannot be used: .*${told}.*\\. .*CHATFERRY_DATA_DIR`,
      ),
    );
  });

  it('is explained where the disk is full, which names no file', () => {
    expect(explainDataFolder('/var/data', failing('ENOSPC'))?.message).toContain('Free some space');
  });

  it('is not blamed for what happens elsewhere', () => {
    for (const error of [
      failing('EACCES', '/run/postgresql'),
      failing('EACCES'),
      failing('ECONNREFUSED'),
      new Error('x'),
    ]) {
      expect(explainDataFolder('/var/data', error)).toBeNull();
    }
  });
});

describe('the administrator’s token', () => {
  it('is made once and found again', async () => {
    const first = await loadAdminToken(null, folder, systemRandom);
    expect(first.token.reveal()).toMatch(/^[0-9a-f]{48}$/);
    expect((await loadAdminToken(null, folder, systemRandom)).token.reveal()).toBe(first.token.reveal());
    expect(readdirSync(folder)).toEqual(['admin-token']);
  });

  it('is taken as given without touching the folder', async () => {
    const given = await loadAdminToken(new Secret('given'), '/nowhere/chatferry', systemRandom);
    expect([given.token.reveal(), given.file]).toEqual(['given', null]);
  });

  it('is refused when its file is empty: everybody would know it', async () => {
    writeFileSync(join(folder, 'admin-token'), '\n');
    await expect(loadAdminToken(null, folder, systemRandom)).rejects.toThrow(/is empty.*Delete it/);
  });

  it('is told with what to do where a folder stands in its place', async () => {
    mkdirSync(join(folder, 'admin-token'));
    await expect(inDataFolder(folder, () => loadAdminToken(null, folder, systemRandom))).rejects.toThrow(StartError);
  });
});
