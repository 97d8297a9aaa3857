import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKeys } from './master-key.ts';
import { rotateMasterKey } from './rotate-master-key.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chatferry-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('the master key', () => {
  it('is created on the first start, for its owner only, and loaded again', async () => {
    const first = await loadMasterKeys({ dataDir });
    expect(first.primary.key).toHaveLength(32);
    expect(first.others).toEqual([]);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(await loadMasterKeys({ dataDir })).toEqual(first);
    expect(readdirSync(dataDir)).toEqual(['master.key']);
  });

  it('is the same key for processes that start at the same time', async () => {
    const keys = await Promise.all([loadMasterKeys({ dataDir }), loadMasterKeys({ dataDir })]);
    expect(keys[0]).toEqual(keys[1]);
  });

  it('is the given key and not the file’s, and the same applies to the other keys', async () => {
    const text = (byte: number) => Buffer.alloc(32, byte).toString('base64');
    const given = await loadMasterKeys({ dataDir, given: text(7), givenOthers: `${text(8)},${text(9)},${text(7)}` });
    expect(given.primary.key).toEqual(Buffer.alloc(32, 7));
    expect(given.others.map(({ key }) => key[0])).toEqual([8, 9]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is refused if it is malformed or readable by others, and the error says what to do', async () => {
    await expect(loadMasterKeys({ dataDir, given: 'short' })).rejects.toThrow('openssl rand -base64 32');
    await expect(loadMasterKeys({ dataDir, givenOthers: 'short' })).rejects.toThrow('openssl rand -base64 32');
    await loadMasterKeys({ dataDir });
    chmodSync(join(dataDir, 'master.key'), 0o644);
    await expect(loadMasterKeys({ dataDir })).rejects.toThrow('chmod 600');
  });
});

describe('a change of the master key', () => {
  it('adds the previous key to the other keys, for its owner only', async () => {
    const first = await loadMasterKeys({ dataDir });
    const second = await rotateMasterKey(dataDir);
    const third = await rotateMasterKey(dataDir);
    expect(third.others).toEqual([second.primary, first.primary]);
    expect(new Set([first, second, third].map(({ primary }) => primary.id)).size).toBe(3);
    expect(await loadMasterKeys({ dataDir })).toEqual(third);
    expect(readdirSync(dataDir).sort()).toEqual(['master.key', 'master.key.others']);
    for (const file of readdirSync(dataDir)) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  });

  it('that was interrupted between the two files has changed nothing', async () => {
    const first = await loadMasterKeys({ dataDir });
    copyFileSync(join(dataDir, 'master.key'), join(dataDir, 'master.key.others'));
    expect(await loadMasterKeys({ dataDir })).toEqual(first);
    expect((await rotateMasterKey(dataDir)).others).toEqual([first.primary]);
  });

  it('is refused if there is no key yet', async () => {
    await expect(rotateMasterKey(dataDir)).rejects.toThrow('CHATFERRY_DATA_DIR');
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
