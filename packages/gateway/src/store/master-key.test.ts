import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKey } from './master-key.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chatferry-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('the master key', () => {
  it('is created on the first start, for its owner only, and found again', async () => {
    const first = await loadMasterKey({ dataDir });
    expect(first.key).toHaveLength(32);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(await loadMasterKey({ dataDir })).toEqual(first);
    expect(readdirSync(dataDir)).toEqual(['master.key']);
  });

  it('is one key for processes that start at once', async () => {
    const keys = await Promise.all([loadMasterKey({ dataDir }), loadMasterKey({ dataDir })]);
    expect(keys[0]).toEqual(keys[1]);
  });

  it('is taken from the given text or file before any file of our own', async () => {
    const text = Buffer.alloc(32, 7).toString('base64');
    const file = join(dataDir, 'elsewhere');
    writeFileSync(file, `${text}\n`);
    const given = await loadMasterKey({ dataDir, given: text });
    expect(given.key).toEqual(Buffer.alloc(32, 7));
    expect(await loadMasterKey({ dataDir, file })).toEqual(given);
    expect(readdirSync(dataDir)).toEqual(['elsewhere']);
  });

  it('is refused when it is malformed, missing or open to others, with what to do', async () => {
    await expect(loadMasterKey({ dataDir, given: 'short' })).rejects.toThrow('openssl rand -base64 32');
    await expect(loadMasterKey({ dataDir, file: join(dataDir, 'none') })).rejects.toThrow('cannot be read');
    await loadMasterKey({ dataDir });
    chmodSync(join(dataDir, 'master.key'), 0o644);
    await expect(loadMasterKey({ dataDir })).rejects.toThrow('chmod 600');
  });
});
