import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openJournal } from '../journal/journal.ts';
import { createUnverifiedCalls } from './unverified-calls.ts';

const MiB = 1024 * 1024;
const base = mkdtempSync(join(tmpdir(), 'chatferry-unverified-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const log = { warn: () => undefined, error: () => undefined };
let epoch = 0;

/** The calls of a process that begins on this folder. */
async function open(folder: string, bytesMax?: number) {
  epoch += 1;
  const settings = { folder, name: 'unverified-calls', installationId: 'one', epoch, schedule: setImmediate, log };
  const journal = await openJournal({ ...settings, ...(bytesMax === undefined ? {} : { bytesMax }) });
  return { journal, calls: createUnverifiedCalls(journal) };
}

const newFolder = () => mkdtempSync(join(base, 'data-'));
const call = Buffer.alloc(MiB);

describe('the room on the disk for unverified calls', () => {
  it('is not new after a restart, and is free when the calls were read', async () => {
    const folder = newFolder();
    const before = await open(folder);
    for (let count = 0; count < 7; count += 1) expect(await before.calls.append(call, `203.0.113.${count}`)).toBe(true);
    await before.journal.close();
    const { journal, calls } = await open(folder);
    expect(await calls.append(call, '198.51.100.1')).toBe(false);
    expect(await calls.append(Buffer.alloc(1_000), '198.51.100.1')).toBe(true);
    expect(await calls.drain(async () => true)).toBe(8);
    expect(await calls.append(call, '198.51.100.1')).toBe(true);
    await journal.close();
  });

  it('is not used up by calls that the disk did not take', async () => {
    const { journal, calls } = await open(newFolder(), 1_000);
    for (let count = 0; count < 20; count += 1) await expect(calls.append(call, '203.0.113.1')).rejects.toThrow();
    expect(await calls.append(Buffer.alloc(100), '203.0.113.1')).toBe(true);
    await journal.close();
  });
});
