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

describe('an unusable data folder', () => {
  it.each([
    ['is below a file', () => join(folder, 'file', 'data'), 'not a folder'],
    ['is a file', () => join(folder, 'file'), 'file'],
  ])('that %s is reported with a remedy, for the master key and for the token', async (_name, dataDirOf, reason) => {
    writeFileSync(join(folder, 'file'), '');
    const dataDir = dataDirOf();
    const loads: readonly (() => Promise<unknown>)[] = [
      () => loadMasterKeys({ dataDir }),
      () => loadAdminToken(null, dataDir, systemRandom),
    ];
    for (const load of loads) {
      const refused = await inDataFolder(dataDir, load).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StartError);
      expect(String(refused)).toContain(reason);
      expect(String(refused)).toContain('CHATFERRY_DATA_DIR');
    }
  });

  it.each([
    ['EACCES', 'permission'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'space'],
    ['ENOTDIR', 'not a folder'],
  ])('is explained for the error code %s', (code, reason) => {
    expect(explainDataFolder('/var/data', failing(code, '/var/data/admin-token'))?.message).toMatch(
      new RegExp(
        `^The data folder /var/data \\(/var/data/admin-token\\) cannot be used: .*${reason}.*\\. .*CHATFERRY_DATA_DIR`,
      ),
    );
  });

  it('is explained for a full disk, whose error names no file', () => {
    expect(explainDataFolder('/var/data', failing('ENOSPC'))?.message).toContain('Free some space');
  });

  it('is not named for errors that have another cause', () => {
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
  it('is created once and loaded again', async () => {
    const first = await loadAdminToken(null, folder, systemRandom);
    expect(first.token.reveal()).toMatch(/^[0-9a-f]{48}$/);
    expect((await loadAdminToken(null, folder, systemRandom)).token.reveal()).toBe(first.token.reveal());
    expect(readdirSync(folder)).toEqual(['admin-token']);
  });

  it('is the given token, and the folder is not touched', async () => {
    const given = await loadAdminToken(new Secret('given'), '/nowhere/chatferry', systemRandom);
    expect([given.token.reveal(), given.file]).toEqual(['given', null]);
  });

  it('is refused if its file is empty, because everyone could guess it', async () => {
    writeFileSync(join(folder, 'admin-token'), '\n');
    await expect(loadAdminToken(null, folder, systemRandom)).rejects.toThrow(/is empty.*Delete it/);
  });

  it('causes an error with a remedy if its path is a folder', async () => {
    mkdirSync(join(folder, 'admin-token'));
    await expect(inDataFolder(folder, () => loadAdminToken(null, folder, systemRandom))).rejects.toThrow(StartError);
  });
});
